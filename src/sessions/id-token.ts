import type { UserRecord } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import { fromEpochSeconds, type Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { ownValue } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import { readUsername } from '../sso/claims.ts'
import type { IssuerKeys } from '../sso/issuer-keys.ts'
import type { SsoSettings } from '../sso/sso-settings.ts'
import { readUnverified } from '../sso/token-facts.ts'
import { verifyIdToken } from '../sso/verify-id-token.ts'

/** STS takes no longer one (STS API reference, AssumeRoleWithWebIdentity, WebIdentityToken). */
const LONGEST = 20_000

export interface GivenToken {
  readonly token: string
  readonly username: Username
  readonly settings: SsoSettings
  readonly now: Instant
  readonly loadKeys: () => Promise<IssuerKeys>
}

/**
 * A token that was handed over, as a hook at login has it: verified like that of any login, and of that very person. Its
 * claims are not applied: what the store says holds.
 *
 * @throws AdminError TOKEN_…, UNAVAILABLE_ISSUER, INVALID_ISSUER
 */
export async function verifyGivenToken(user: UserRecord | null, given: GivenToken): Promise<string> {
  const { token, username, settings, now, loadKeys } = given
  const { payload, subject, issuedAt, expiresAt } = await verifyIdToken(token, settings, now, loadKeys)
  const seen = readUsername(payload, settings)
  if (seen !== username) {
    throw new AdminError('TOKEN_USERNAME', `the token is for ${quote(seen)}, expected ${quote(username)}`, {
      details: { seen, expected: username },
    })
  }
  const known = user?.login?.subject
  if (known !== undefined && known !== subject) throw otherSubject(username, subject, known)
  if (expiresAt <= now) throw ended(expiresAt, now)
  const last = user?.login?.tokenIssuedAt
  if (last !== undefined && issuedAt < last) throw older(username, issuedAt, last)
  return requireLength(token)
}

/** @throws AdminError TOKEN_MALFORMED for a token that STS would not take */
export function requireLength(token: string): string {
  if (token.length <= LONGEST) return token
  const message = `the token has ${token.length} characters, and STS takes ${LONGEST}: have the identity provider leave out claims`
  throw new AdminError('TOKEN_MALFORMED', message, { details: { length: token.length, most: LONGEST } })
}

/** Logins are tolerant of clocks; what has ended by ours is of no use in a session. */
function ended(expiresAt: Instant, now: Instant): AdminError {
  return new AdminError('TOKEN_EXPIRED', `the token has ended at ${expiresAt}, and now it is ${now}`, {
    details: { expiresAt },
  })
}

function older(username: Username, issuedAt: Instant, last: Instant): AdminError {
  return new AdminError(
    'TOKEN_REPLAYED',
    `the token for ${quote(username)} was issued at ${issuedAt}, and one of ${last} was applied already; an older token does not begin a session after a newer one`,
    { details: { username, issuedAt, lastIssuedAt: last } },
  )
}

/** The `exp` claim of a token that was verified before. */
export function endOfToken(token: string): Instant {
  return fromEpochSeconds(timeClaim(token, 'exp'))
}

/** Seconds from the `iat` claim to the `exp` claim of a token that was verified before. */
export function lifetimeOfToken(token: string): number {
  return timeClaim(token, 'exp') - timeClaim(token, 'iat')
}

function timeClaim(token: string, name: 'exp' | 'iat'): number {
  const value = ownValue(readUnverified(token)?.payload ?? {}, name)
  return typeof value === 'number' ? value : 0
}

/** The `sub` claim of a token that was verified before. */
export function subjectOfToken(token: string): string {
  return String(ownValue(readUnverified(token)?.payload ?? {}, 'sub'))
}

/** The same name under another subject may be another person. */
function otherSubject(username: Username, seen: string, expected: string): AdminError {
  return new AdminError(
    'TOKEN_USERNAME',
    `the token is of the subject ${quote(seen)}, and ${quote(username)} last logged in as ${quote(expected)}\nwhere that is the same person, apply the new login first`,
    { details: { seen, expected }, suggestions: ['admin sso apply-claims --id-token-file FILE'] },
  )
}
