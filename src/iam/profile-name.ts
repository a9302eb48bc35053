import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

/**
 * The name of a section of `~/.aws/config` (AWS CLI user guide, "Configuration and credential file settings").
 *
 * @throws AdminError INVALID_PROFILE
 */
export function parseProfileName(text: string): string {
  const problem = profileProblem(text)
  if (problem !== null) throw new AdminError('INVALID_PROFILE', `${quote(text)} is not an AWS profile: ${problem}`)
  return text
}

function profileProblem(text: string): string | null {
  if (text.trim() === '') return 'it is empty'
  if (text !== text.trim()) return 'it begins or ends with white space'
  if (/[[\]\p{Cc}]/u.test(text)) return 'it contains brackets or control characters'
  return /^profile\s/.test(text) ? 'write the name without the word "profile"' : null
}
