import { ownValue } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import type { UnverifiedToken } from './token-facts.ts'

/** What issuers sign with the same keys, by the `typ` of its header. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['at+jwt', 'an access token (typ at+jwt, RFC 9068)'],
  ['logout+jwt', 'a logout token (typ logout+jwt, OpenID Connect Back-Channel Logout)'],
  ['secevent+jwt', 'a security event token (typ secevent+jwt, RFC 8417)'],
  ['dpop+jwt', 'a DPoP proof (typ dpop+jwt, RFC 9449)'],
  ['token-introspection+jwt', 'an answer about a token (typ token-introspection+jwt, RFC 9701)'],
])

/** Keycloak says with a claim `typ` what a token is, and signs all of them alike. */
const KEYCLOAK_KINDS: ReadonlyMap<string, string> = new Map([
  ['bearer', 'an access token'],
  ['dpop', 'an access token'],
  ['refresh', 'a refresh token'],
  ['offline', 'a refresh token'],
  ['logout', 'a logout token'],
])

/**
 * What this seems to be, where it says that it is no ID token; else `null`. A signature proves who wrote a token, not
 * what for: one without role claims would take somebody's roles away.
 *
 * ID tokens carry no `typ`, or `JWT` (RFC 7519 §5.1; RFC 8725 §3.11), and never `events` (Back-Channel Logout 1.0 §2.4).
 */
export function otherKind({ header, payload }: UnverifiedToken): string | null {
  const [typ, claim] = [ownValue(header, 'typ'), ownValue(payload, 'typ')]
  const kind = lowerCase(typ).replace(/^application\//, '')
  if (typ !== undefined && kind !== 'jwt') return KINDS.get(kind) ?? `a token of another kind (typ ${show(typ)})`
  if (Object.hasOwn(payload, 'events')) return 'a logout token or a security event token (it has the claim events)'
  if (claim === undefined || lowerCase(claim) === 'id') return null
  const name = KEYCLOAK_KINDS.get(lowerCase(claim)) ?? 'a token of another kind'
  return `${name} (its claim typ is ${show(claim)})`
}

function lowerCase(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

function show(value: unknown): string {
  return quote(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
}
