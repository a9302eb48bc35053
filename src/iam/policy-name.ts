import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

/**
 * The name of an inline policy: 1 to 128 of `[\w+=,.@-]` (IAM API reference, PutRolePolicy).
 *
 * @throws AdminError INVALID_POLICY_NAME
 */
export function parsePolicyName(text: string): string {
  const problem = policyNameProblem(text)
  if (problem !== null) throw new AdminError('INVALID_POLICY_NAME', `${quote(text)} is not a policy name: ${problem}`)
  return text
}

/** Why IAM would not take it; `null` if it does. */
export function policyNameProblem(text: string): string | null {
  if (text === '') return 'it is empty'
  if (text.length > 128) return `it has ${text.length} characters, IAM allows 128`
  return /^[\w+=,.@-]+$/.test(text) ? null : 'expected letters, digits and _+=,.@-'
}
