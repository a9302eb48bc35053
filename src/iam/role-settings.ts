import { AdminError } from '../errors.ts'
import { quote } from './quote.ts'

declare const sessionSeconds: unique symbol
declare const roleDescription: unique symbol

/** How long a session of a role may last, in seconds: 3,600 to 43,200. */
export type SessionSeconds = number & { readonly [sessionSeconds]: true }

/** Free text that IAM keeps with a role. */
export type RoleDescription = string & { readonly [roleDescription]: true }

const SECONDS = { m: 60, h: 3600 } as const
const SHORTEST = 3600
const LONGEST = 43_200
const LONGEST_DESCRIPTION = 1000

/**
 * Reads `4h` or `90m`. Range: IAM API reference, CreateRole, MaxSessionDuration.
 *
 * @throws AdminError INVALID_ROLE
 */
export function parseSessionDuration(text: string): SessionSeconds {
  const [, amount, unit] = /^(\d{1,6})([mh])$/.exec(text) ?? []
  if (amount === undefined || unit === undefined) {
    throw new AdminError(
      'INVALID_ROLE',
      `${quote(text)} is not a session duration: expected hours or minutes, as 4h or 90m`,
    )
  }
  const seconds = Number(amount) * SECONDS[unit as keyof typeof SECONDS]
  if (seconds < SHORTEST || seconds > LONGEST) {
    throw new AdminError('INVALID_ROLE', `${quote(text)} is not a session duration that IAM allows: expected 1h to 12h`)
  }
  return seconds as SessionSeconds
}

/**
 * At most 1,000 characters of Latin-1; typographic quotes and dashes are not among them (IAM API reference, CreateRole,
 * Description).
 *
 * @throws AdminError INVALID_ROLE
 */
export function parseRoleDescription(text: string): RoleDescription {
  if (text.length > LONGEST_DESCRIPTION) {
    throw new AdminError(
      'INVALID_ROLE',
      `the description has ${text.length} characters, IAM allows ${LONGEST_DESCRIPTION}`,
    )
  }
  const [strange] = /[^\t\n\r\x20-\x7E\xA1-\xFF]/u.exec(text) ?? []
  if (strange === undefined) return text as RoleDescription
  const code = `U+${strange.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`
  throw new AdminError(
    'INVALID_ROLE',
    `the description contains ${quote(strange)} (${code}); IAM allows Latin-1 characters only: ${quote(text)}`,
  )
}
