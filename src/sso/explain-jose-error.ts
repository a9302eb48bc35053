import type { errors } from 'jose'
import { fromEpochSeconds, type Instant } from '../clock.ts'
import { AdminError, type ErrorCode } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { TokenFacts } from './token-facts.ts'

export interface Expected {
  readonly clientId: string
  readonly now: Instant
  readonly toleranceSeconds: number
}

interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly expected?: string
}

/** An error of jose as one of ours, with what was seen beside what was expected. */
export function explainJoseError(error: errors.JOSEError, facts: TokenFacts, expected: Expected): AdminError {
  const { code, message, ...more } = isClaimError(error)
    ? explainClaim(error, facts, expected)
    : explainSignature(error.code, facts)
  // Without a cause: jose's errors carry the whole payload.
  return new AdminError(code, message, { details: { ...facts, ...more } })
}

/** A key that the issuer publishes and that this Node cannot use: too short, not on its curve, unknown. */
export function unusableKey(error: unknown, facts: TokenFacts): AdminError {
  const problem = error instanceof Error ? error.message : String(error)
  return new AdminError('TOKEN_UNKNOWN_KEY', `the issuer's key ${kidOf(facts)} cannot be used: ${problem}`, {
    details: { ...facts },
    ...(error instanceof Error && { cause: error }),
  })
}

type ClaimError = errors.JWTClaimValidationFailed | errors.JWTExpired

function isClaimError(error: errors.JOSEError): error is ClaimError {
  return error.code === 'ERR_JWT_CLAIM_VALIDATION_FAILED' || error.code === 'ERR_JWT_EXPIRED'
}

function explainSignature(code: string, facts: TokenFacts): Refusal {
  const kid = kidOf(facts)
  switch (code) {
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return {
        code: 'TOKEN_ALGORITHM',
        message: `the token is signed with ${quote(facts.alg ?? '')}, which is not allowed`,
      }
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return {
        code: 'TOKEN_UNKNOWN_KEY',
        message: `the token is signed with a key that its issuer does not publish: kid ${kid}, alg ${facts.alg ?? 'none'}`,
      }
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      return {
        code: 'TOKEN_UNKNOWN_KEY',
        message: 'the token does not say which of the keys of its issuer signed it: several fit its kid and alg',
      }
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return {
        code: 'TOKEN_SIGNATURE',
        message: `the signature of the token is wrong: kid ${kid} did not sign this text`,
      }
    default:
      return {
        code: 'TOKEN_MALFORMED',
        message: 'that is not an ID token: its header or its claims are not those of a signed JWT',
      }
  }
}

function explainClaim(error: ClaimError, facts: TokenFacts, expected: Expected): Refusal {
  const { claim, reason, payload } = error
  if (claim === 'aud') return explainAudience(facts, expected.clientId)
  if (reason === 'missing')
    return { code: 'TOKEN_MALFORMED', message: `that is not an ID token: it has no claim ${claim}` }
  if (reason === 'invalid') return { code: 'TOKEN_MALFORMED', message: `the claim ${claim} is not a number` }
  const { now, toleranceSeconds } = expected
  const clocks = `now it is ${now}, ${toleranceSeconds} s between clocks are tolerated`
  if (claim === 'exp') {
    const message = `the token expired at ${showTime(payload.exp)}: ${clocks}; log in again for a new one`
    return { code: 'TOKEN_EXPIRED', message, expected: now }
  }
  const message = `the token is not valid before ${showTime(payload.nbf)}: ${clocks}`
  return { code: 'TOKEN_NOT_YET_VALID', message, expected: now }
}

function explainAudience(facts: TokenFacts, clientId: string): Refusal {
  const seen = facts.aud === undefined ? 'nobody' : quote(facts.aud)
  const hint =
    facts.aud?.startsWith('http') || facts.aud?.startsWith('api:')
      ? '\nan access token has such an audience; give the ID token'
      : ''
  return {
    code: 'TOKEN_AUDIENCE',
    message: `the token is meant for ${seen}, expected the client id ${quote(clientId)}${hint}`,
    expected: clientId,
  }
}

function kidOf({ kid }: TokenFacts): string {
  return kid === undefined ? '(none)' : quote(kid)
}

/** A time claim of any size, where only those of four-digit years are times to us. */
export function showTime(seconds: unknown): string {
  return isTime(seconds) ? fromEpochSeconds(seconds) : String(seconds)
}

/**
 * Whole seconds only, as STS takes them. With a fraction that is dropped, two tokens of one second would have one age,
 * and the older could be applied after the newer.
 */
export function isTime(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0 && seconds < 253_402_300_800
}
