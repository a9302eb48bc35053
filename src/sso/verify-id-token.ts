import type { JWTPayload, JWTVerifyOptions } from 'jose'
import { fromEpochSeconds, type Instant, toEpochSeconds } from '../clock.ts'
import { AdminError } from '../errors.ts'
import type { JsonObject } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import { ALGORITHMS, checkTokenShape } from './check-token-shape.ts'
import { explainJoseError, isTime, showTime, unusableKey } from './explain-jose-error.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import type { SsoSettings } from './sso-settings.ts'
import { type TokenFacts, tokenFacts } from './token-facts.ts'

const TOLERANCE_SECONDS = 60

/** An ID token whose signature and registered claims hold. */
export interface VerifiedToken {
  readonly payload: JsonObject
  /** The `sub` claim. */
  readonly subject: string
  /** The `iat` claim. */
  readonly issuedAt: Instant
  /** The `exp` claim. */
  readonly expiresAt: Instant
}

/**
 * Verifies an ID token as OpenID Connect Core 1.0 §3.1.3.7 asks: signature, `iss`, `aud`, `azp`, `exp`, `nbf`, `iat`.
 *
 * @param loadKeys is called only for a token that could be one
 * @throws AdminError TOKEN_…, UNAVAILABLE_ISSUER, INVALID_ISSUER
 */
export async function verifyIdToken(
  token: string,
  settings: SsoSettings,
  now: Instant,
  loadKeys: () => Promise<IssuerKeys>,
): Promise<VerifiedToken> {
  checkTokenShape(token, settings.issuer)
  const facts = tokenFacts(token)
  const payload = await verifySignature(token, settings, now, await loadKeys())
  checkAuthorizedParty(payload, settings.clientId, facts)
  checkTimes(payload, now, facts)
  const { sub, iat, exp } = payload
  if (!isSubject(sub)) throw malformed('the claim sub is not a text of 1 to 255 characters', facts)
  return { payload, subject: sub, issuedAt: fromEpochSeconds(iat ?? 0), expiresAt: fromEpochSeconds(exp ?? 0) }
}

async function verifySignature(
  token: string,
  settings: SsoSettings,
  now: Instant,
  keys: IssuerKeys,
): Promise<JWTPayload> {
  const { createLocalJWKSet, errors, jwtVerify } = await import('jose')
  const { issuer, clientId } = settings
  const options: JWTVerifyOptions = {
    algorithms: [...ALGORITHMS],
    issuer,
    audience: clientId,
    clockTolerance: TOLERANCE_SECONDS,
    currentDate: new Date(now),
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
  }
  const facts = tokenFacts(token)
  try {
    return (await jwtVerify(token, createLocalJWKSet(keys.jwks), options)).payload
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw unusableKey(error, facts)
    if (keys.newer !== null && mayBeNewer(error.code, facts))
      return verifySignature(token, settings, now, await keys.newer())
    throw explainJoseError(error, facts, { clientId, now, toleranceSeconds: TOLERANCE_SECONDS })
  }
}

/** The issuer may have changed its keys since ours were cached. Without a `kid`, a wrong signature is how that shows. */
function mayBeNewer(code: string, { kid }: TokenFacts): boolean {
  return code === 'ERR_JWKS_NO_MATCHING_KEY' || (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' && kid === undefined)
}

/** Core 1.0 §3.1.3.7, steps 3 to 5: a token for several audiences, or handed to another client, is not for us. */
function checkAuthorizedParty(payload: JWTPayload, clientId: string, facts: TokenFacts): void {
  const { aud, azp } = payload
  const details = { details: { ...facts, expected: clientId } }
  if (Object.hasOwn(payload, 'azp')) {
    if (azp === clientId) return
    const seen = typeof azp === 'string' ? quote(azp) : 'nobody by name'
    throw new AdminError(
      'TOKEN_AUTHORIZED_PARTY',
      `the token was handed to ${seen} (azp), expected the client id ${quote(clientId)}`,
      details,
    )
  }
  if (!Array.isArray(aud) || aud.length === 1) return
  const message = `the token is meant for ${aud.length} audiences and does not say to which client it was handed (azp), expected ${quote(clientId)}`
  throw new AdminError('TOKEN_AUTHORIZED_PARTY', message, details)
}

/** jose takes any number for a time, and reads `iat` only for a maximum age. */
function checkTimes({ iat, exp, nbf }: JWTPayload, now: Instant, facts: TokenFacts): void {
  for (const [claim, value] of Object.entries({ iat, exp, nbf })) {
    if (claim === 'nbf' && value === undefined) continue
    if (!isTime(value)) throw malformed(`the claim ${claim} is not a time in whole seconds since 1970`, facts)
  }
  if ((iat ?? 0) <= toEpochSeconds(now) + TOLERANCE_SECONDS) return
  const message = `the token was issued in the future, at ${showTime(iat)}: now it is ${now}, ${TOLERANCE_SECONDS} s between clocks are tolerated`
  throw new AdminError('TOKEN_NOT_YET_VALID', message, { details: { ...facts, expected: now } })
}

/** Core 1.0 §2: at most 255 characters. */
function isSubject(sub: unknown): sub is string {
  return typeof sub === 'string' && sub !== '' && sub.length <= 255 && sub.isWellFormed()
}

function malformed(problem: string, facts: TokenFacts): AdminError {
  return new AdminError('TOKEN_MALFORMED', problem, { details: { ...facts } })
}
