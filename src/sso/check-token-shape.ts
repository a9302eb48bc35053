import { AdminError } from '../errors.ts'
import { type Issuer, nearMiss } from '../iam/issuer.ts'
import { ownValue } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import { readUnverified, tokenFacts, type UnverifiedToken } from './token-facts.ts'
import { otherKind } from './token-kind.ts'

/** Far above the 20,000 characters that STS takes (STS API reference, AssumeRoleWithWebIdentity). */
export const LONGEST_TOKEN = 100_000

/**
 * What STS accepts from an OIDC provider (IAM user guide, "Create an OIDC identity provider"). All are asymmetric:
 * with `none` or HS256 anybody could sign.
 */
export const ALGORITHMS: readonly string[] = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']

/**
 * What can be refused without a key, in words that say what the thing is. Nothing is believed here: a token that passes
 * is still to be verified.
 *
 * @throws AdminError TOKEN_MALFORMED, TOKEN_ALGORITHM, TOKEN_ISSUER
 */
export function checkTokenShape(token: string, issuer: Issuer): void {
  const problem = textProblem(token) ?? partsProblem(token)
  if (problem !== null) throw new AdminError('TOKEN_MALFORMED', `that is not an ID token: ${problem}`)
  const unverified = readUnverified(token)
  if (unverified === null) {
    throw new AdminError('TOKEN_MALFORMED', 'that is not an ID token: its parts do not read as JSON in base64url')
  }
  const details = tokenFacts(token)
  checkKind(unverified, details)
  checkAlgorithm(unverified, details)
  checkIssuer(unverified, issuer, details)
}

function textProblem(token: string): string | null {
  if (token === '') return 'it is empty'
  if (token.length > LONGEST_TOKEN) return `it has more than ${LONGEST_TOKEN} characters, STS takes 20000`
  if (token.startsWith('{')) return 'it is JSON; of a token response, give the value of id_token alone'
  return /\s/.test(token) ? 'it contains white space; give the token alone, on one line' : null
}

function partsProblem(token: string): string | null {
  const count = token.split('.').length
  if (count === 3) return null
  if (count === 5) return 'it is encrypted (JWE); have the identity provider sign ID tokens without encrypting them'
  if (count === 1) return 'it has no parts; an access or refresh token may look like this'
  return `it has ${count} parts, a signed JWT has 3`
}

function checkKind(unverified: UnverifiedToken, details: object): void {
  const kind = otherKind(unverified)
  if (kind === null) return
  throw new AdminError('TOKEN_MALFORMED', `that is ${kind}, not an ID token`, { details: { ...details } })
}

function checkAlgorithm({ header }: UnverifiedToken, details: object): void {
  const alg = ownValue(header, 'alg')
  if (typeof alg === 'string' && ALGORITHMS.includes(alg)) return
  const seen = typeof alg === 'string' ? quote(alg) : 'nothing'
  const why = alg === 'none' ? 'it is not signed' : `it is signed with ${seen}`
  throw new AdminError(
    'TOKEN_ALGORITHM',
    `the token cannot be trusted: ${why}; expected one of ${ALGORITHMS.join(', ')}`,
    {
      details: { ...details, expected: ALGORITHMS },
    },
  )
}

/** Before the signature: with another issuer's token, its key is unknown too, and that would be the lesser news. */
function checkIssuer({ payload }: UnverifiedToken, issuer: Issuer, details: object): void {
  const seen = ownValue(payload, 'iss')
  if (seen === issuer) return
  const named = typeof seen === 'string' ? quote(seen) : 'nothing'
  const difference = typeof seen === 'string' ? nearMiss(seen, issuer) : null
  throw new AdminError(
    'TOKEN_ISSUER',
    `the token was issued by ${named}, expected ${quote(issuer)}${difference === null ? '' : `: ${difference}`}`,
    { details: { ...details, expected: issuer } },
  )
}
