import { AdminError } from '../errors.ts'
import { knownErrors } from './known-errors.ts'

/**
 * The same error; where the table knows what AWS or the server said, with the table's words below its own.
 *
 * @param said what AWS or the server said, name and message
 */
export function withKnownWords(error: AdminError, said: string): AdminError {
  const known = knownErrors().find(({ pattern }) => pattern.test(said))
  if (known === undefined) return error
  const { code, message, suggestions, details, cause } = error
  const isTold = known.isGeneral === true
  return new AdminError(code, isTold ? message : `${message}\n${known.meaning}\nmost likely: ${known.causes[0]}`, {
    suggestions: isTold ? suggestions : [...suggestions, ...known.checks],
    details: { ...details, knownError: known.id },
    cause,
  })
}
