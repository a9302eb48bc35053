import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

/**
 * What another account asks of whoever assumes a role of it: 2 to 1,224 characters of `[\w+=,.@:/-]` (STS API reference,
 * AssumeRole, ExternalId).
 *
 * @throws AdminError INVALID_ROLE
 */
export function parseExternalId(text: string): string {
  const problem = externalIdProblem(text)
  if (problem !== null) throw new AdminError('INVALID_ROLE', `${quote(text)} is not an external id: ${problem}`)
  return text
}

function externalIdProblem(text: string): string | null {
  if (text.length < 2 || text.length > 1224) return `it has ${text.length} characters, expected 2 to 1224`
  return /^[\w+=,.@:/-]+$/.test(text) ? null : 'expected letters, digits and _+=,.@:/-'
}
