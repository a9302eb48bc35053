import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { containsToken } from '../sso/token-text.ts'

const LONGEST_REASON = 1000

/** An empty text for a file would name the current directory. */
export function refuseEmpty(name: string, value: string): void {
  if (value === '') throw new AdminError('USAGE_ARGUMENT', `${name} is empty`)
}

/**
 * The `--reason` of a change, as the audit log keeps it.
 *
 * @throws AdminError USAGE_FLAG
 */
export function parseReason(text: string | undefined): string | null {
  if (text === undefined) return null
  const reason = text.trim()
  if (reason === '') throw new AdminError('USAGE_FLAG', '--reason is empty; say why, or leave it out')
  if (reason.length > LONGEST_REASON)
    throw new AdminError('USAGE_FLAG', `--reason has ${reason.length} characters, at most ${LONGEST_REASON} are kept`)
  if (!reason.isWellFormed() || /[\p{Cc}\ufffd]/u.test(reason))
    throw new AdminError('USAGE_FLAG', `--reason contains control characters: ${quote(reason)}`)
  if (containsToken(reason))
    throw new AdminError('USAGE_FLAG', '--reason contains a token, which the audit log would keep for ever')
  return reason
}

/**
 * The hash of an event, as `audit head` prints it.
 *
 * @throws AdminError USAGE_FLAG
 */
export function parseEventHash(text: string): string {
  const hash = text.trim().toLowerCase()
  if (/^[0-9a-f]{64}$/.test(hash)) return hash
  throw new AdminError('USAGE_FLAG', `${quote(text)} is not the hash of an event: expected 64 hexadecimal digits`, {
    suggestions: ['admin audit head'],
  })
}
