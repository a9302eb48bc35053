import type { SsoConfig } from '../config/config.ts'
import { AdminError } from '../errors.ts'
import { type JsonObject, ownValue } from '../iam/json-object.ts'
import { textList } from './check-metadata.ts'
import { readClientSecret } from './client-secret.ts'
import { endpointProblem } from './discovery.ts'
import { type Finding, failed, passed, skipped, warning } from './finding.ts'

const ENDPOINTS = {
  'token-endpoint': 'token_endpoint',
  'device-login': 'device_authorization_endpoint',
} as const

/** RFC 8628 §3.4. */
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

const WITHOUT: Readonly<Record<keyof typeof ENDPOINTS, string>> = {
  'token-endpoint': 'sso login and sso refresh cannot work; sso apply-claims can',
  'device-login':
    'sso login cannot work; allow the device authorization grant at the identity provider, or hand over ID tokens with sso apply-claims',
}

/** Only a login can try it: to ask the provider for a token, or for a code, leaves something behind there. */
const UNTRIED =
  'only the file was looked at: whether the provider takes this secret shows in sso login or sso refresh (DENIED_CLIENT)'

/**
 * What `sso login` and `sso refresh` need of the provider. A site whose own login hands over ID tokens needs none of it, so
 * what is missing only warns.
 */
export function checkLogin(document: JsonObject, sso: SsoConfig): readonly Finding[] {
  return [
    checkEndpoint(document, 'token-endpoint', sso),
    checkEndpoint(document, 'device-login', sso),
    checkGrants(document),
  ]
}

export function skipLogin(expected: string): readonly Finding[] {
  return [...Object.keys(ENDPOINTS), 'grant-types'].map((check) => skipped(check, expected))
}

/** Whether the secret of the client can be read, and by nobody who should not. Says nothing of what it is. */
export function checkClientSecret({ clientSecretFile: file }: SsoConfig): Finding {
  const expected = 'a file with the secret alone that others cannot read, or none for a public client'
  if (file === undefined) return passed('client-secret', 'none, as a public client', expected)
  try {
    readClientSecret(file)
    return passed('client-secret', file, expected, UNTRIED)
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    const problem = error.message.replaceAll('\n', '; ')
    if (error.code !== 'DENIED_FILE') return failed('client-secret', file, expected, problem)
    return warning('client-secret', file, expected, `${problem}; look with sudo`)
  }
}

function checkEndpoint(document: JsonObject, check: keyof typeof ENDPOINTS, sso: SsoConfig): Finding {
  const name = ENDPOINTS[check]
  const endpoint = ownValue(document, name)
  const expected = `a ${name} with https:`
  if (endpoint === undefined) return warning(check, null, expected, WITHOUT[check])
  const problem = endpointProblem(name, endpoint, sso)
  if (problem === null) return passed(check, String(endpoint), expected)
  return failed(check, problem, expected, 'correct it at the identity provider')
}

/** What is not listed may still be allowed: not every provider keeps to the default of OpenID Connect Discovery 1.0 §3. */
function checkGrants(document: JsonObject): Finding {
  const hasDevices = ownValue(document, ENDPOINTS['device-login']) !== undefined
  const wanted = ['refresh_token', ...(hasDevices ? [DEVICE_GRANT] : [])]
  const supported = textList(ownValue(document, 'grant_types_supported'))
  const missing = wanted.filter((grant) => !supported?.includes(grant))
  const [seen, expected] = [supported?.join(' ') ?? null, wanted.join(' ')]
  if (seen !== null && missing.length === 0) return passed('grant-types', seen, expected)
  const why = seen === null ? 'the discovery document lists no grant types' : `${missing.join(' ')} is not listed`
  return warning('grant-types', seen, expected, `${why}; allow them for this client at the identity provider`)
}
