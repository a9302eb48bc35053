import type { Instant } from '../../clock.ts'
import { AdminError, type ErrorCode } from '../../errors.ts'
import type { Issuer } from '../../iam/issuer.ts'
import { quote, shellQuote } from '../../iam/quote.ts'
import { type RoleArn, roleArnParts } from '../../iam/role-arn.ts'
import { redactTokens } from '../../sso/token-text.ts'
import type { ReadRoleTrust, RoleTrust, StsRefusal, WebIdentityRequest } from '../web-identity.ts'
import { explainDenial } from './explain-denial.ts'
import { explainAudience, explainProvider } from './explain-provider.ts'
import { explainTimes } from './explain-times.ts'
import { describeRefusedToken, providerArnFor, type RefusedToken, readRefusedToken } from './refused-token.ts'

/** What is at hand to explain why STS gave no credentials. */
export interface Refused {
  readonly refusal: StsRefusal
  readonly roleArn: RoleArn
  readonly roleSessionName: string
  readonly username: string
  readonly facts: RefusedToken
  readonly claims: Readonly<Record<string, unknown>>
  /** The clock of this host. */
  readonly now: Instant
  readonly trust: SeenTrust
}

/** What AWS holds, or why that could not be read. */
export type SeenTrust = RoleTrust | { readonly unread: string }

/** One cause in words: what it is, what follows, what to run. */
export interface Explanation {
  readonly code: ErrorCode
  readonly lines: readonly string[]
  readonly suggestions: readonly string[]
  readonly details?: Readonly<Record<string, unknown>>
}

export interface RefusalContext {
  readonly username: string
  readonly now: Instant
  readonly readTrust: ReadRoleTrust
}

/**
 * Why STS gave no credentials: what the token says beside what the role and the provider expect, as AWS holds them where
 * the administrator's own credentials may read that, else as our provisioning would have them. Never the token.
 */
export async function explainRefusal(
  refusal: StsRefusal,
  request: WebIdentityRequest,
  { username, now, readTrust }: RefusalContext,
): Promise<AdminError> {
  const { roleArn, roleSessionName, token } = request
  const { facts, claims } = readRefusedToken(token)
  const trust = needsTrust(refusal) ? await seenTrust(readTrust, roleArn, facts) : { unread: 'it does not matter here' }
  const refused = { refusal, roleArn, roleSessionName, username, facts, claims, now, trust }
  const { code, lines, suggestions, details } = explanationOf(refused)
  const message = [...lines, describeRefusedToken(facts)].map(redactTokens).join('\n')
  return new AdminError(code, message, { suggestions, details: { ...detailsOf(refused), ...details } })
}

/** For some refusals it says all that STS names itself; for others only the policies know. */
function needsTrust({ awsError, awsMessage }: StsRefusal): boolean {
  return awsError === 'AccessDenied' || /No OpenIDConnect provider|audience|thumbprint/i.test(awsMessage)
}

async function seenTrust(readTrust: ReadRoleTrust, roleArn: RoleArn, { iss }: RefusedToken): Promise<SeenTrust> {
  try {
    return await readTrust(roleArn, providerArnFor(roleArn, (iss ?? '') as Issuer))
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    return { unread: error.message.split('\n')[0] ?? '' }
  }
}

/** By the names and words of STS (STS API reference, AssumeRoleWithWebIdentity, Errors). */
function explanationOf(refused: Refused): Explanation {
  const { awsError, awsMessage } = refused.refusal
  if (awsError === 'ExpiredToken' || /expired|not yet valid|issued in the future/i.test(awsMessage))
    return explainTimes(refused)
  if (/No OpenIDConnect provider/i.test(awsMessage)) return explainProvider(refused)
  if (/audience/i.test(awsMessage)) return explainAudience(refused)
  if (/verification key/i.test(awsMessage) || awsError === 'IDPCommunicationError') return explainKeys(refused)
  if (/thumbprint/i.test(awsMessage)) return explainThumbprint(refused)
  if (awsError === 'AccessDenied') return explainDenial(refused)
  return explainOther(refused)
}

function explainKeys({ refusal, facts }: Refused): Explanation {
  return {
    code: 'UNAVAILABLE_ISSUER',
    lines: [
      `AWS could not fetch the keys of the issuer ${quote(facts.iss ?? '')}: ${refusal.awsMessage}`,
      `asked ${refusal.attempts} times; where it is no hiccup, the discovery document or the keys are not reachable from the Internet within 5 s, or the key ${quote(facts.kid ?? '')} is not among them`,
    ],
    suggestions: ['admin sso check'],
  }
}

function explainThumbprint({ roleArn, facts, refusal }: Refused): Explanation {
  const arn = providerArnFor(roleArn, (facts.iss ?? '') as Issuer)
  return {
    code: 'DENIED_WEB_IDENTITY',
    lines: [
      `AWS does not trust the certificate of the issuer: ${refusal.awsMessage}`,
      `the provider ${arn} has a thumbprint pinned, and the certificate authority of the issuer has changed`,
    ],
    suggestions: [`aws iam get-open-id-connect-provider --open-id-connect-provider-arn ${shellQuote(arn)}`],
  }
}

/** What each of them means, by the name that STS gives it (STS API reference, AssumeRoleWithWebIdentity, Errors). */
const OTHERS: Readonly<Record<string, string>> = {
  IDPRejectedClaim: 'the identity provider says that the token is not good any more: log in again',
  InvalidIdentityToken: 'STS finds this token wrong; admin sso check shows what the identity provider offers',
  PackedPolicyTooLarge:
    'the session tags in the token are too large for a session: have the identity provider send fewer',
  RegionDisabled:
    'STS is not activated there in the account of the role: activate it, or set AWS_REGION to another region',
  ValidationError: 'what STS names is of the token, the role ARN or the session name',
}

function explainOther({ refusal, roleArn, roleSessionName, username }: Refused): Explanation {
  const meaning = OTHERS[refusal.awsError]
  const asked = `asked for the session ${quote(roleSessionName)} of ${roleArn} in region ${refusal.region}`
  return {
    code: meaning === undefined ? 'REFUSED_BY_AWS' : 'DENIED_WEB_IDENTITY',
    lines: [
      `AWS refused the token (${refusal.awsError}): ${refusal.awsMessage}`,
      ...(meaning === undefined ? [] : [meaning]),
      ...(refusal.awsError === 'IDPRejectedClaim' ? [] : [asked]),
    ],
    suggestions: nextOf(refusal.awsError, username),
  }
}

function nextOf(awsError: string, username: string): readonly string[] {
  if (awsError === 'IDPRejectedClaim') return [`admin sso login --username ${shellQuote(username)}`]
  return awsError === 'InvalidIdentityToken' ? ['admin sso check'] : []
}

function detailsOf({ refusal, roleArn, roleSessionName, facts, trust }: Refused): Readonly<Record<string, unknown>> {
  const { accountId, partition } = roleArnParts(roleArn)
  const { awsError, awsMessage, region, host, stsTime, attempts } = refusal
  return {
    action: 'sts:AssumeRoleWithWebIdentity',
    awsError,
    awsMessage: redactTokens(awsMessage),
    attempts,
    region,
    host,
    stsTime,
    roleArn,
    roleSessionName,
    accountId,
    partition,
    token: facts,
    provider: {
      arn: providerArnFor(roleArn, (facts.iss ?? '') as Issuer),
      clientIds: 'unread' in trust ? null : trust.clientIds,
    },
    ...('unread' in trust && { unread: trust.unread }),
  }
}
