import { AdminError } from '../errors.ts'
import { type Issuer, type IssuerRules, isLoopback, nearMiss, withoutUserInfo } from '../iam/issuer.ts'
import { isJsonObject, type JsonObject, kindOfValue, ownValue } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import { fetchJson } from './fetch-json.ts'

const LONGEST_SEEN = 200

/** OpenID Connect Discovery 1.0 §4: a terminating slash of the issuer is removed before the path is added. */
export function discoveryUrl(issuer: Issuer): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/** @throws AdminError UNAVAILABLE_ISSUER */
export async function fetchDiscoveryDocument(issuer: Issuer): Promise<JsonObject> {
  const url = discoveryUrl(issuer)
  const document = await fetchJson(url, 'the discovery document of the issuer')
  if (isJsonObject(document)) return document
  throw new AdminError(
    'UNAVAILABLE_ISSUER',
    `the discovery document at ${url} is ${kindOfValue(document)}, not an object`,
  )
}

/**
 * The issuer's own discovery document: it must carry the very issuer that was asked for (OpenID Connect Discovery 1.0
 * §4.3).
 *
 * @throws AdminError UNAVAILABLE_ISSUER, INVALID_ISSUER
 */
export async function discover(issuer: Issuer): Promise<JsonObject> {
  const document = await fetchDiscoveryDocument(issuer)
  const seen = ownValue(document, 'issuer')
  if (seen !== issuer) throw otherIssuer(issuer, seen)
  return document
}

/**
 * Where the issuer keeps its keys.
 *
 * @throws AdminError UNAVAILABLE_ISSUER, INVALID_ISSUER
 */
export async function discoverJwksUri(issuer: Issuer, rules: IssuerRules): Promise<string> {
  const jwksUri = ownValue(await discover(issuer), 'jwks_uri')
  const problem = endpointProblem('jwks_uri', jwksUri, rules)
  if (problem === null) return String(jwksUri)
  throw new AdminError('UNAVAILABLE_ISSUER', `the discovery document at ${discoveryUrl(issuer)} ${problem}`, {
    suggestions: ['admin sso check'],
  })
}

/** Why an endpoint cannot be used, in words that continue "the discovery document …", or `null`. */
export function endpointProblem(name: string, endpoint: unknown, rules: IssuerRules): string | null {
  if (typeof endpoint !== 'string') return `has no ${name}`
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url === null ? endpoint.includes('@') : url.username !== '' || url.password !== '')
    return `has a ${name} with a user name or password (not shown)`
  if (url === null) return `has the ${name} ${quote(endpoint)}, which is not a URL`
  const isAllowed = url.protocol === 'https:' || (isLoopback(url) && rules.allowInsecureLoopback === true)
  return isAllowed ? null : `has the ${name} ${quote(endpoint)}, which is not https:`
}

function otherIssuer(issuer: Issuer, seen: unknown): AdminError {
  const named = typeof seen === 'string' ? quote(withoutUserInfo(seen)) : 'no issuer at all'
  const difference = typeof seen === 'string' ? nearMiss(seen, issuer) : null
  return new AdminError(
    'INVALID_ISSUER',
    `the identity provider calls itself ${named}, the configuration says ${quote(issuer)}${difference === null ? '' : `: ${difference}`}`,
    {
      suggestions: ['admin sso check'],
      details: {
        seen: typeof seen === 'string' ? withoutUserInfo(seen).slice(0, LONGEST_SEEN) : null,
        expected: issuer,
      },
    },
  )
}
