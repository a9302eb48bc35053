import { type Clock, type Instant, toEpochSeconds, toInstant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'
import type { RdsTarget } from './rds-target.ts'

/** The credentials that sign, found but not used yet. */
export interface RdsSigner {
  /** `null` where nobody knows: keys without an end, or temporary ones of which only the keys were handed over. */
  readonly credentialsExpireAt: Instant | null
  readonly isTemporary: boolean
  /** As `profile prod`; `null` where it is not known. */
  readonly source: string | null
  readonly sign: (target: RdsTarget, username: string) => Promise<string>
}

/** @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS */
export type OpenRdsSigner = (region: string) => Promise<RdsSigner>

/** A password for a database with IAM authentication: good to begin a connection with until it expires. */
export interface RdsToken {
  readonly token: string
  readonly target: RdsTarget
  readonly username: string
  readonly expiresAt: Instant
  /** What ends first: the 15 minutes of the token, or the credentials that signed it. */
  readonly limitedBy: 'token' | 'credentials'
  /** In characters. Clients are known that cut passwords short. */
  readonly length: number
  readonly warnings: readonly string[]
}

const LIFE = 15 * 60
const LEAST_LEFT = 2 * 60

/**
 * Signs a token. The database refuses one whose credentials have expired, whatever the token itself says (Amazon Aurora
 * user guide, "IAM database authentication"), so it is signed with nothing that ends in less than two minutes, and says
 * when it really ends.
 *
 * @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS
 */
export async function signRdsToken(
  target: RdsTarget,
  username: string,
  openSigner: OpenRdsSigner,
  clock: Clock,
): Promise<RdsToken> {
  const signer = await openSigner(target.region)
  refuseEnding(signer, clock())
  const token = await signer.sign(target, username)
  const warnings = [...target.warnings, ...endingWarnings(signer)]
  return { token, target, username, ...endOf(token, signer), length: token.length, warnings }
}

function refuseEnding({ credentialsExpireAt: end, source }: RdsSigner, now: Instant): void {
  if (end === null) return
  const left = toEpochSeconds(end) - toEpochSeconds(now)
  if (left >= LEAST_LEFT) return
  const whose = source === null ? 'the AWS credentials' : `the AWS credentials (${source})`
  const words =
    left <= 0
      ? `${whose} expired at ${end}; it is ${now}\nno token was signed: the database would refuse it`
      : `${whose} expire at ${end}, in ${left} seconds, expected at least ${LEAST_LEFT}\nno token was signed: it would end with them`
  throw new AdminError('DENIED_AWS_CREDENTIALS', words, {
    suggestions: renewals(source),
    details: { credentialsExpireAt: end, source },
  })
}

function renewals(source: string | null): readonly string[] {
  const profile = source === null ? null : /^profile (.*)$/.exec(source)?.[1]
  if (profile)
    return [
      `aws sso login --profile ${shellQuote(profile)}`,
      `aws sts get-caller-identity --profile ${shellQuote(profile)}`,
    ]
  if (source === 'environment')
    return ['unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION']
  return ['aws sts get-caller-identity']
}

/** By the time that stands in the token: that is the one the database goes by. */
function endOf(token: string, { credentialsExpireAt: end }: RdsSigner): Pick<RdsToken, 'expiresAt' | 'limitedBy'> {
  const own = toInstant(new Date((toEpochSeconds(signedAt(token)) + LIFE) * 1000))
  return end !== null && end < own
    ? { expiresAt: end, limitedBy: 'credentials' }
    : { expiresAt: own, limitedBy: 'token' }
}

function signedAt(token: string): Instant {
  const found = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(&|$)/.exec(token)
  if (found === null) throw new Error('the signer made a token without X-Amz-Date')
  const [, year, month, day, hours, minutes, seconds] = found
  return toInstant(new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`))
}

function endingWarnings({ credentialsExpireAt, isTemporary }: RdsSigner): readonly string[] {
  if (!isTemporary || credentialsExpireAt !== null) return []
  return [
    'the AWS credentials are temporary and do not say until when: the token ends with them, maybe sooner than it says',
  ]
}
