import type { JSONWebKeySet } from 'jose'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { discoverJwksUri } from './discovery.ts'
import { fetchJson } from './fetch-json.ts'
import { isKeySet, type KeyCache } from './key-cache.ts'
import type { SsoSettings } from './sso-settings.ts'

/** The keys with which the issuer signs. */
export interface IssuerKeys {
  readonly jwks: JSONWebKeySet
  /** Newer keys than these, or `null` where these were fetched just now. */
  readonly newer: (() => Promise<IssuerKeys>) | null
}

/**
 * From the cache while it is fresh, else from the issuer.
 *
 * @throws AdminError UNAVAILABLE_ISSUER, INVALID_ISSUER
 */
export async function issuerKeys(settings: SsoSettings, cache: KeyCache, now: Instant): Promise<IssuerKeys> {
  const cached = cache.read(settings.issuer, now)
  const fetched = () => fetchKeys(settings, cache, now)
  return cached === null ? fetched() : { jwks: cached.jwks, newer: fetched }
}

async function fetchKeys(settings: SsoSettings, cache: KeyCache, now: Instant): Promise<IssuerKeys> {
  const { issuer } = settings
  const jwksUri = await discoverJwksUri(issuer, settings)
  const jwks = await fetchJson(jwksUri, 'the keys of the issuer')
  if (!isKeySet(jwks)) {
    throw new AdminError(
      'UNAVAILABLE_ISSUER',
      `the keys of the issuer at ${jwksUri} are not a key set with at least one key`,
      {
        suggestions: ['admin sso check'],
      },
    )
  }
  cache.write({ issuer, jwksUri, jwks, fetchedAt: now })
  return { jwks, newer: null }
}
