import { AdminError } from '../errors.ts'
import { type JsonObject, ownValue } from '../iam/json-object.ts'
import { ALGORITHMS } from './check-token-shape.ts'
import { fetchJson } from './fetch-json.ts'
import { type Finding, failed, passed, skipped, unreachable, warning } from './finding.ts'
import { isKeySet } from './key-cache.ts'

/** IAM API reference, CreateOpenIDConnectProvider: at most 100 RSA and 100 EC keys. */
const MOST_KEYS = 100
const EXPECTED = 'RSA and EC keys for RS256 to ES512, at most 100'

/** The key set: there, and with keys that STS can use. */
export async function checkKeys(jwksUri: string): Promise<readonly Finding[]> {
  const expected = `a key set at ${jwksUri}`
  try {
    const jwks = await fetchJson(jwksUri, 'the keys of the issuer')
    if (!isKeySet(jwks)) throw new AdminError('UNAVAILABLE_ISSUER', 'it is not a key set with at least one key')
    const keys = jwks.keys.map((key) => key as unknown as JsonObject)
    return [passed('jwks', `${keys.length} keys`, expected), checkKeyTypes(keys)]
  } catch (error) {
    return [unreachable('jwks', expected, error), skipped('key-types', EXPECTED)]
  }
}

export function checkKeyTypes(keys: readonly JsonObject[]): Finding {
  const seen = keys.map(describeKey).join(', ')
  if (keys.length > MOST_KEYS) {
    return failed(
      'key-types',
      `${keys.length} keys`,
      EXPECTED,
      'AWS reads no more than 100; retire old keys at the identity provider',
    )
  }
  const usable = keys.filter(isUsable)
  if (usable.length === 0) {
    return failed(
      'key-types',
      seen,
      EXPECTED,
      'AWS can verify no token of this issuer; add an RSA key for RS256 at the identity provider',
    )
  }
  if (usable.length === keys.length) return passed('key-types', seen, EXPECTED)
  return warning(
    'key-types',
    seen,
    EXPECTED,
    'tokens signed with the other keys are refused by AWS; see that this client gets RS256',
  )
}

function isUsable(key: JsonObject): boolean {
  const [kty, crv, alg, use] = ['kty', 'crv', 'alg', 'use'].map((name) => ownValue(key, name))
  const isFamily = kty === 'RSA' || (kty === 'EC' && ['P-256', 'P-384', 'P-521'].includes(String(crv)))
  const isAlgorithm = alg === undefined || (typeof alg === 'string' && ALGORITHMS.includes(alg))
  return isFamily && isAlgorithm && (use === undefined || use === 'sig')
}

function describeKey(key: JsonObject): string {
  const parts = ['kty', 'crv', 'alg', 'use']
    .map((name) => ownValue(key, name))
    .filter((part) => typeof part === 'string')
  return parts.join(' ') || 'a key without type'
}
