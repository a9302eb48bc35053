import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

/** What IAM keeps for one provider (IAM API reference, CreateOpenIDConnectProvider, ThumbprintList). */
export const MOST_THUMBPRINTS = 5

/**
 * The SHA-1 of a certificate as IAM takes it, in lower case: 40 hexadecimal digits (IAM API reference,
 * CreateOpenIDConnectProvider).
 *
 * @throws AdminError INVALID_THUMBPRINT
 */
export function parseThumbprint(text: string): string {
  const problem = thumbprintProblem(text)
  if (problem !== null) throw new AdminError('INVALID_THUMBPRINT', `${quote(text)} is not a thumbprint: ${problem}`)
  return text.toLowerCase()
}

function thumbprintProblem(text: string): string | null {
  if (/^[0-9a-f]{40}$/i.test(text)) return null
  if (/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/i.test(text)) return 'write it without colons'
  if (/^[0-9a-f]{64}$/i.test(text)) return 'that is a SHA-256; IAM takes the SHA-1 of 40 hexadecimal digits'
  return 'expected 40 hexadecimal digits'
}
