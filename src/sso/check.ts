import type { SsoConfig } from '../config/config.ts'
import { AdminError } from '../errors.ts'
import { type Issuer, nearMiss, parseIssuer, withoutUserInfo } from '../iam/issuer.ts'
import { type JsonObject, ownValue } from '../iam/json-object.ts'
import { checkAddresses, type Resolve } from './check-addresses.ts'
import { checkKeys } from './check-keys.ts'
import { checkClientSecret, checkLogin, skipLogin } from './check-login.ts'
import { checkAlgorithms, checkScopes } from './check-metadata.ts'
import { discoveryUrl, endpointProblem, fetchDiscoveryDocument } from './discovery.ts'
import { entraHint } from './entra.ts'
import { type Finding, failed, passed, skipped, unreachable, warning } from './finding.ts'

const LONGEST_SEEN = 300

export interface SsoCheckResult {
  readonly issuer: string
  readonly checks: readonly Finding[]
}

/**
 * Looks at everything between the configuration and a token that AWS would accept, one thing at a time. What cannot be
 * looked at because something before it failed is `skipped`.
 *
 * @param source the configuration file, for the way out
 */
export async function checkSso(sso: SsoConfig, source: string, resolve: Resolve): Promise<SsoCheckResult> {
  const url = checkIssuerUrl(sso, source)
  if (url.issuer === null)
    return { issuer: withoutUserInfo(sso.issuer), checks: [url.finding, ...entraHint(sso.issuer)] }
  const { issuer } = url
  const discovery = await checkDiscovery(issuer)
  const rest =
    discovery.document === null ? skipDocument() : await checkDocument(discovery.document, issuer, sso, source)
  const addresses = await checkAddresses(
    [issuer, ...keyUrl(discovery.document, sso)],
    resolve,
    discovery.document !== null,
  )
  const before = [url.finding, ...entraHint(issuer), discovery.finding, ...rest]
  return { issuer, checks: [...before, checkClientSecret(sso), addresses] }
}

function checkIssuerUrl(sso: SsoConfig, source: string): { readonly finding: Finding; readonly issuer: Issuer | null } {
  const expected = 'https://HOST[/PATH], byte for byte the iss of the tokens'
  try {
    const issuer = parseIssuer(sso.issuer, sso)
    if (issuer.startsWith('http:')) {
      const fix = 'fine for tests; AWS accepts https: issuers only'
      return { finding: warning('issuer-url', issuer, expected, fix), issuer }
    }
    const hasPort = new URL(issuer).port !== ''
    const fix = 'IAM user guide, "Create an OIDC identity provider": the URL should not contain a port number'
    return {
      finding: hasPort ? warning('issuer-url', issuer, expected, fix) : passed('issuer-url', issuer, expected),
      issuer,
    }
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    const fix = `${error.message}; change sso.issuer in ${source}`
    return { finding: failed('issuer-url', withoutUserInfo(sso.issuer), expected, fix), issuer: null }
  }
}

async function checkDiscovery(
  issuer: Issuer,
): Promise<{ readonly finding: Finding; readonly document: JsonObject | null }> {
  const expected = `a JSON document at ${discoveryUrl(issuer)}`
  try {
    const document = await fetchDiscoveryDocument(issuer)
    return { finding: passed('discovery', 'found', expected), document }
  } catch (error) {
    return { finding: unreachable('discovery', expected, error), document: null }
  }
}

async function checkDocument(
  document: JsonObject,
  issuer: Issuer,
  sso: SsoConfig,
  source: string,
): Promise<readonly Finding[]> {
  const problem = endpointProblem('jwks_uri', ownValue(document, 'jwks_uri'), sso)
  const keys =
    problem === null
      ? await checkKeys(String(ownValue(document, 'jwks_uri')))
      : [
          failed('jwks', problem, 'a jwks_uri with https:', 'correct it at the identity provider'),
          skipped('key-types', 'usable keys'),
        ]
  return [
    checkSameIssuer(document, issuer, source),
    ...keys,
    checkAlgorithms(document),
    ...checkScopes(document, sso.scopes),
    ...checkLogin(document, sso),
  ]
}

/** AWS must reach the keys as well, and they may live on another host. */
function keyUrl(document: JsonObject | null, sso: SsoConfig): readonly string[] {
  const jwksUri = document === null ? undefined : ownValue(document, 'jwks_uri')
  return typeof jwksUri === 'string' && endpointProblem('jwks_uri', jwksUri, sso) === null ? [jwksUri] : []
}

function checkSameIssuer(document: JsonObject, issuer: Issuer, source: string): Finding {
  const seen = ownValue(document, 'issuer')
  if (seen === issuer) return passed('issuer', issuer, issuer)
  if (typeof seen !== 'string') return failed('issuer', null, issuer, 'the discovery document names no issuer')
  const difference = nearMiss(seen, issuer)
  const shown = withoutUserInfo(seen).slice(0, LONGEST_SEEN)
  const fix = `change sso.issuer in ${source} to ${shown}, if that is your identity provider`
  return failed('issuer', shown, issuer, difference === null ? fix : `${difference}; ${fix}`)
}

function skipDocument(): readonly Finding[] {
  const expected = 'a discovery document'
  const checks = ['issuer', 'jwks', 'key-types', 'signing-algorithms', 'scopes', 'offline-access']
  return [...checks.map((check) => skipped(check, expected)), ...skipLogin(expected)]
}
