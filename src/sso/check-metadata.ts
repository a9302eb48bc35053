import { type JsonObject, ownValue } from '../iam/json-object.ts'
import { ALGORITHMS } from './check-token-shape.ts'
import { type Finding, failed, passed, warning } from './finding.ts'

/** What the provider says it signs ID tokens with (OpenID Connect Discovery 1.0 §3). */
export function checkAlgorithms(document: JsonObject): Finding {
  const expected = `one of ${ALGORITHMS.join(', ')}`
  const supported = textList(ownValue(document, 'id_token_signing_alg_values_supported'))
  if (supported === null)
    return warning(
      'signing-algorithms',
      null,
      expected,
      'the discovery document does not say; AWS requires that it does',
    )
  const seen = supported.join(', ')
  const isUsable = supported.some((algorithm) => ALGORITHMS.includes(algorithm))
  return isUsable
    ? passed('signing-algorithms', seen, expected)
    : failed('signing-algorithms', seen, expected, 'have the identity provider sign ID tokens with RS256')
}

/** A provider may support more scopes than it lists (OpenID Connect Discovery 1.0 §3), so these only warn. */
export function checkScopes(document: JsonObject, scopes: readonly string[]): readonly Finding[] {
  const supported = textList(ownValue(document, 'scopes_supported'))
  return [checkListed(supported, scopes), checkOfflineAccess(scopes)]
}

function checkListed(supported: readonly string[] | null, scopes: readonly string[]): Finding {
  const expected = scopes.join(' ')
  if (supported === null)
    return warning(
      'scopes',
      null,
      expected,
      'the discovery document lists no scopes; see that this client may ask for them',
    )
  const missing = scopes.filter((scope) => !supported.includes(scope))
  const seen = supported.join(' ')
  if (missing.length === 0) return passed('scopes', seen, expected)
  return warning(
    'scopes',
    seen,
    expected,
    `${missing.join(' ')} is not listed; allow it for this client at the identity provider`,
  )
}

/** Without a refresh token nobody renews the ID token, and sessions stop with it after about an hour. */
function checkOfflineAccess(scopes: readonly string[]): Finding {
  const expected = 'offline_access among the configured scopes'
  const seen = scopes.join(' ')
  if (scopes.includes('offline_access')) return passed('offline-access', seen, expected)
  const fix =
    'sessions lose AWS after about an hour; add offline_access to auth-openid-scopes in rserver.conf and to sso.scopes here'
  return warning('offline-access', seen, expected, fix)
}

/** The texts of a list; `null` where there is none. */
export function textList(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : null
}
