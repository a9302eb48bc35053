import type { Username } from '../assignments/username.ts'
import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'

/** What is run for a person whose login cannot be renewed. */
export function logInAgain(username: Username): string {
  return `admin sso login --username ${shellQuote(username)}`
}

/** The same error; where it suggests a login, that of this person. */
export function namingPerson(error: AdminError, username: Username): AdminError {
  const { code, message, suggestions, details, cause } = error
  const named = suggestions.map((command) => (command === 'admin sso login' ? logInAgain(username) : command))
  return new AdminError(code, message, { suggestions: named, details, cause })
}
