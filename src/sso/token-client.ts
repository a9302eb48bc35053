import { setTimeout as sleep } from 'node:timers/promises'
import type { Configuration, DeviceAuthorizationResponse } from 'openid-client'
import { AdminError } from '../errors.ts'
import { type JsonObject, ownValue } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import { readClientSecret } from './client-secret.ts'
import { discover, discoveryUrl, endpointProblem } from './discovery.ts'
import { explainOAuthError, isHiccup } from './explain-oauth-error.ts'
import type { SsoSettings } from './sso-settings.ts'
import { TOKEN_TIMEOUT_SECONDS, type TokenFetch, tokenFetch } from './token-fetch.ts'

/** What the token endpoint answered. Nothing of it is verified. */
export interface TokenAnswer {
  readonly idToken: string | null
  /** `null`: where one was spent, it stays good. */
  readonly refreshToken: string | null
}

/** What a person is shown, to log in on a device of their own. */
export interface DevicePrompt {
  readonly verificationUri: string
  readonly verificationUriComplete: string | null
  readonly userCode: string
  /** Seconds until the code ends. */
  readonly expiresIn: number
}

/** The identity provider as a client of ours uses it. */
export interface TokenClient {
  /**
   * The device authorization grant (RFC 8628), to its end.
   *
   * @throws AdminError DENIED_LOGIN, DENIED_LOGIN_EXPIRED, DENIED_CLIENT, REFUSED_INTERRUPTED, UNAVAILABLE_ISSUER,
   *   INVALID_ISSUER
   */
  readonly logIn: (prompt: (shown: DevicePrompt) => void, signal: AbortSignal) => Promise<TokenAnswer>
  /**
   * The refresh token grant (RFC 6749 §6).
   *
   * @throws AdminError DENIED_REFRESH_TOKEN, DENIED_CLIENT, UNAVAILABLE_ISSUER
   */
  readonly refresh: (refreshToken: string) => Promise<TokenAnswer>
}

/** Of a refresh where the provider asks for patience; all of them fit into the time of a claim. */
const ATTEMPTS = 3
const LONGEST_PAUSE_MILLISECONDS = 10_000
/** A longer timer of Node.js ends at once. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1

type Library = typeof import('openid-client')

/** One exchange with the identity provider, with a hand of its own on the ID token. */
interface Exchange {
  readonly library: Library
  readonly configuration: Configuration
  readonly carrier: TokenFetch
  /** Of the client; `null` for a public one. */
  readonly secret: string | null
}

/** @throws AdminError UNAVAILABLE_ISSUER, INVALID_ISSUER, and what {@link readClientSecret} throws */
export async function openTokenClient(settings: SsoSettings): Promise<TokenClient> {
  const secret = settings.clientSecretFile === undefined ? null : readClientSecret(settings.clientSecretFile)
  const document = await discover(settings.issuer)
  requireEndpoint(document, 'token_endpoint', settings)
  const library = await import('openid-client')
  const newExchange = () => openExchange(library, document, settings, secret)
  return {
    logIn: async (prompt, signal) => {
      requireDeviceGrant(document, settings)
      return logInByDevice(newExchange(), settings, prompt, signal)
    },
    refresh: (refreshToken) => refresh(newExchange(), settings, refreshToken),
  }
}

function openExchange(library: Library, document: JsonObject, settings: SsoSettings, secret: string | null): Exchange {
  const carrier = tokenFetch()
  const metadata = { ...document, issuer: settings.issuer }
  const authentication = authenticate(library, document, secret)
  const configuration = new library.Configuration(metadata, settings.clientId, {}, authentication)
  configuration[library.customFetch] = carrier.fetch
  configuration.timeout = TOKEN_TIMEOUT_SECONDS
  // The library's rule knows no loopback; ours was asked for each endpoint.
  if (settings.allowInsecureLoopback) library.allowInsecureRequests(configuration)
  return { library, configuration, carrier, secret }
}

/** What is not said is `client_secret_basic` (OpenID Connect Discovery 1.0 §3). */
function authenticate(library: Library, document: JsonObject, secret: string | null) {
  if (secret === null) return library.None()
  const methods = ownValue(document, 'token_endpoint_auth_methods_supported')
  const isPost = Array.isArray(methods) && !methods.includes('client_secret_basic')
  return isPost ? library.ClientSecretPost(secret) : library.ClientSecretBasic(secret)
}

async function logInByDevice(
  exchange: Exchange,
  settings: SsoSettings,
  prompt: (shown: DevicePrompt) => void,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const { library, configuration, secret } = exchange
  const secrets = [...secretsOf(secret)]
  try {
    const scope = settings.scopes.join(' ')
    const begun = await library.initiateDeviceAuthorization(configuration, { scope })
    prompt({
      verificationUri: begun.verification_uri,
      verificationUriComplete: begun.verification_uri_complete ?? null,
      userCode: begun.user_code,
      expiresIn: begun.expires_in,
    })
    secrets.push(begun.device_code)
    return await poll(exchange, begun, signal)
  } catch (error) {
    if (signal.aborted) throw new AdminError('REFUSED_INTERRUPTED', 'interrupted; nothing was changed')
    throw explainOAuthError(error, settings, { refreshToken: null, secrets })
  }
}

/** One hiccup of the provider or the network ends nothing: the person is at the browser (RFC 8628 §3.5). */
async function poll(exchange: Exchange, begun: DeviceAuthorizationResponse, signal: AbortSignal): Promise<TokenAnswer> {
  const { carrier } = exchange
  const end = AbortSignal.timeout(Math.min(begun.expires_in * 1000, LONGEST_TIMER_MILLISECONDS))
  const ends = { signal: AbortSignal.any([signal, end]) }
  let pause = (begun.interval ?? 5) * 1000
  let hiccup: { readonly error: unknown; readonly asked: number } | undefined
  for (;;) {
    const answer = await pollUntilHiccup(exchange, begun, ends)
    if ('tokens' in answer) return answer.tokens
    // Where the code ended while the provider did not answer, nobody is to blame for not coming.
    if (ends.signal.aborted) throw hiccup?.asked === carrier.asked() ? hiccup.error : answer.error
    if (!answer.mayPass) throw answer.error
    hiccup = { error: answer.error, asked: carrier.asked() }
    pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS)
    await sleep(Math.max(pause, carrier.pauseAsked() ?? 0), undefined, ends).catch(() => {})
  }
}

type Polled = { readonly tokens: TokenAnswer } | { readonly error: unknown; readonly mayPass: boolean }

async function pollUntilHiccup(
  { library, configuration, carrier }: Exchange,
  begun: DeviceAuthorizationResponse,
  ends: { readonly signal: AbortSignal },
): Promise<Polled> {
  try {
    await library.pollDeviceAuthorizationGrant(configuration, begun, undefined, ends)
    return { tokens: carrier.takeTokens() }
  } catch (error) {
    const tokens = carrier.takeTokens()
    if (hasAny(tokens)) return { tokens }
    return { error, mayPass: carrier.pauseAsked() !== null || isHiccup(error) }
  }
}

async function refresh(
  { library, configuration, carrier, secret }: Exchange,
  settings: SsoSettings,
  refreshToken: string,
): Promise<TokenAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await library.refreshTokenGrant(configuration, refreshToken)
      return carrier.takeTokens()
    } catch (error) {
      const tokens = carrier.takeTokens()
      if (hasAny(tokens)) return tokens
      const pause = carrier.pauseAsked()
      if (pause === null || pause > LONGEST_PAUSE_MILLISECONDS || attempt === ATTEMPTS)
        throw explainOAuthError(error, settings, { refreshToken, secrets: [refreshToken, ...secretsOf(secret)] })
      await sleep(pause)
    }
  }
}

/** Whatever else is wrong with an answer that has tokens: they are what there is now. */
function hasAny({ idToken, refreshToken }: TokenAnswer): boolean {
  return idToken !== null || refreshToken !== null
}

function secretsOf(secret: string | null): readonly string[] {
  return secret === null ? [] : [secret]
}

function requireDeviceGrant(document: JsonObject, settings: SsoSettings): void {
  if (ownValue(document, 'device_authorization_endpoint') !== undefined) {
    requireEndpoint(document, 'device_authorization_endpoint', settings)
    return
  }
  const follows =
    'allow the device authorization grant at the identity provider, or hand over ID tokens with sso apply-claims'
  throw new AdminError(
    'INVALID_ISSUER',
    `${quote(settings.issuer)} offers no login on another device: its discovery document has no device_authorization_endpoint\n${follows}`,
    { suggestions: ['admin sso check'] },
  )
}

function requireEndpoint(document: JsonObject, name: string, settings: SsoSettings): void {
  const problem = endpointProblem(name, ownValue(document, name), settings)
  if (problem === null) return
  throw new AdminError('UNAVAILABLE_ISSUER', `the discovery document at ${discoveryUrl(settings.issuer)} ${problem}`, {
    suggestions: ['admin sso check'],
  })
}
