import { randomBytes } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Context, default as Provider } from 'oidc-provider'
import { answerDevice, CLIENT_ID, CLIENT_SECRET, logIn, REDIRECT_URI, SCOPE } from './openid-login.ts'

/** The claims of each account, by the name that it logs in with. */
export type Accounts = Record<string, Record<string, unknown>>

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  /** What the key set shows. */
  readonly jwk: JWK
  readonly privateJwk: JWK
}

export interface IdentityProviderOptions {
  /** The claims of those who are there at the start are those that tokens have. */
  readonly accounts?: Accounts
  /** Serve over TLS; PEM. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** How the provider behaves; may be changed at any time. */
export interface Behaviour {
  /** Whether a refresh token is spent by its use. */
  rotates: boolean
  /** Whether a refresh brings an ID token. */
  refreshesIdToken: boolean
  /** So many times a device that asks is told to slow down. */
  slowDowns: number
  /** Seconds between two questions of a device, and until its code ends. */
  pollSeconds: number
  deviceSeconds: number
  /** Seconds for which an ID token is good. */
  idTokenSeconds: number
  /** What the token endpoint answers instead of its answer. */
  outage: { readonly status: number; readonly body: object } | null
  /** What stands in place of what an answer with tokens has. */
  spoil: Readonly<Record<string, unknown>>
  /** What happens before the answer to a refresh is sent. */
  meanwhile: (() => Promise<unknown>) | null
}

export interface IdentityProvider {
  readonly issuer: string
  readonly behaviour: Behaviour
  /** Every token that the token endpoint gave, oldest first. */
  readonly issued: { readonly idToken: string | null; readonly refreshToken: string | null }[]
  /** Answers as a person does to what a device shows: the address with the code in it. */
  readonly answerDevice: (address: string, account: string, isRefused?: boolean) => Promise<void>
  /** Ends a refresh token by the revocation endpoint (RFC 7009). */
  readonly revoke: (refreshToken: string) => Promise<void>
  /** The claims in them may be changed at any time: the next login sees it. */
  readonly accounts: Accounts
  /** The paths that were asked for, oldest first. */
  readonly requests: string[]
  /** The keys that are published now: one for RS256, one for ES256. */
  readonly keys: () => readonly [SigningKey, SigningKey]
  /** A whole login, from the authorization endpoint to the token: a real ID token. */
  readonly login: (account: string) => Promise<string>
  /** A token that this provider could have issued, with these claims and header parameters instead. */
  readonly sign: (
    claims?: Record<string, unknown>,
    header?: Record<string, unknown>,
    key?: SigningKey,
  ) => Promise<string>
  /** The same provider with new keys. */
  readonly rotate: () => Promise<void>
  /** Nobody listens any more, until `start`. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
}

/** Starts an OpenID provider on a free port of the loopback interface. */
export async function startIdentityProvider(options: IdentityProviderOptions = {}): Promise<IdentityProvider> {
  const { accounts = {}, tls } = options
  const requests: string[] = []
  const issued: IdentityProvider['issued'] = []
  const behaviour: Behaviour = {
    rotates: true,
    refreshesIdToken: true,
    slowDowns: 0,
    pollSeconds: 0.2,
    deviceSeconds: 600,
    idTokenSeconds: 3600,
    outage: null,
    meanwhile: null,
    spoil: {},
  }
  // What it has issued outlives its keys.
  const { createMemoryAdapter } = await import('oidc-provider/lib/adapters/memory_adapter.js')
  const adapter = createMemoryAdapter()
  const claims = claimNames(accounts)
  let handle: http.RequestListener = () => {}
  const listener: http.RequestListener = (request, response) => {
    requests.push(request.url ?? '')
    handle(request, response)
  }
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener)
  await listen(server, 0)
  const { port } = server.address() as AddressInfo
  const issuer = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  let keys = await newKeys()
  const serve = async () => {
    handle = (await createProvider({ issuer, keys, accounts, behaviour, issued, claims, adapter })).callback()
  }
  await serve()
  return {
    issuer,
    behaviour,
    issued,
    answerDevice: (address, account, isRefused = false) => answerDevice(address, account, isRefused),
    revoke: (refreshToken) => revoke(issuer, refreshToken),
    accounts,
    requests,
    keys: () => keys,
    login: (account) => logIn(issuer, account),
    sign: (claims, header, key = keys[0]) => sign(issuer, key, claims, header),
    rotate: async () => {
      keys = await newKeys()
      await serve()
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
    start: () => listen(server, port),
  }
}

export async function newKey(alg: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const kid = `${alg}-${randomBytes(6).toString('hex')}`
  const common = { kid, alg, use: 'sig' }
  return {
    kid,
    alg,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), ...common },
    privateJwk: { ...(await exportJWK(privateKey)), ...common },
  }
}

async function newKeys(): Promise<readonly [SigningKey, SigningKey]> {
  return [await newKey('RS256'), await newKey('ES256')]
}

function listen(server: http.Server | https.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

async function revoke(issuer: string, token: string): Promise<void> {
  const { status } = await fetch(`${issuer}/token/revocation`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` },
    body: new URLSearchParams({ token, token_type_hint: 'refresh_token' }),
  })
  if (status !== 200) throw new Error(`the revocation endpoint answered ${status}`)
}

interface Setting extends Pick<IdentityProvider, 'issuer' | 'accounts' | 'behaviour' | 'issued'> {
  readonly keys: readonly SigningKey[]
  readonly adapter: object
  readonly claims: readonly string[]
}

/** Whoever comes is the account that `login_hint` or a cookie names; nobody is asked for consent. */
async function createProvider({
  issuer,
  keys,
  accounts,
  behaviour,
  issued,
  claims,
  adapter,
}: Setting): Promise<Provider> {
  const provider = await quietly(async () => {
    const { default: OpenIdProvider } = await import('oidc-provider')
    return new OpenIdProvider(issuer, {
      jwks: { keys: keys.map(({ privateJwk }) => privateJwk) },
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [REDIRECT_URI],
          grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
          response_types: ['code'],
        },
      ],
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      claims: { openid: ['sub', ...claims] },
      conformIdTokenClaims: false,
      cookies: { keys: [randomBytes(16).toString('hex')] },
      adapter,
      features: {
        devInteractions: { enabled: false },
        deviceFlow: {
          enabled: true,
          userCodeInputSource: showForm,
          userCodeConfirmSource: showForm,
          successSource: showSuccess,
        },
        revocation: { enabled: true, allowedPolicy: () => true },
      },
      rotateRefreshToken: () => behaviour.rotates,
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId, ...accounts[accountId] }),
      }),
      loadExistingGrant,
      ttl: {
        Interaction: 600,
        Session: 600,
        Grant: 7200,
        IdToken: () => behaviour.idTokenSeconds,
        AccessToken: 600,
        RefreshToken: 7200,
        DeviceCode: () => behaviour.deviceSeconds,
      },
    })
  })
  provider.use(answerInteractions(provider))
  provider.use(behave(behaviour, issued))
  return provider
}

function showForm(context: Context, form: string): void {
  context.body = form
}

function showSuccess(context: Context): void {
  context.body = 'you are logged in on your device'
}

/** The library warns of the Node that it runs on and that it keeps its state in memory; both are as they should be. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn, info } = console
  Object.assign(console, { warn: () => {}, info: () => {} })
  try {
    return await work()
  } finally {
    Object.assign(console, { warn, info })
  }
}

function claimNames(accounts: Accounts): readonly string[] {
  return [...new Set(Object.values(accounts).flatMap((claims) => Object.keys(claims)))]
}

async function loadExistingGrant({ oidc }: Context): Promise<object> {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
  grant.addOIDCScope(`${SCOPE} offline_access`)
  await grant.save()
  return grant
}

function answerInteractions(provider: Provider) {
  return async (context: Context, next: () => Promise<void>) => {
    if (!context.path.startsWith('/interaction/')) return next()
    const { params } = await provider.interactionDetails(context.req, context.res)
    const [, named] = /test-account=([^;]+)/.exec(context.req.headers.cookie ?? '') ?? []
    const accountId = String(params.login_hint ?? named)
    context.respond = false
    await provider.interactionFinished(context.req, context.res, { login: { accountId } })
  }
}

/** What the library's answers lack, or what another provider would say in their place. */
function behave(behaviour: Behaviour, issued: IdentityProvider['issued']) {
  return async (context: Context, next: () => Promise<void>) => {
    await next()
    const { body } = context
    if (typeof body !== 'object' || body === null) return
    if (context.path === '/device/auth') Object.assign(body, { interval: behaviour.pollSeconds })
    if (context.path !== '/token') return
    if (context.oidc.params?.grant_type === 'refresh_token') await behaviour.meanwhile?.()
    answerToken(context, body as Record<string, unknown>, behaviour, issued)
  }
}

function answerToken(
  context: Context,
  body: Record<string, unknown>,
  behaviour: Behaviour,
  issued: IdentityProvider['issued'],
): void {
  const isRefresh = context.oidc.params?.grant_type === 'refresh_token'
  if (isRefresh && !behaviour.refreshesIdToken) delete body.id_token
  if (body.error === 'authorization_pending' && behaviour.slowDowns > 0) {
    behaviour.slowDowns -= 1
    body.error = 'slow_down'
  }
  if ('access_token' in body) {
    issued.push({ idToken: textOrNull(body.id_token), refreshToken: textOrNull(body.refresh_token) })
  }
  if ('access_token' in body) Object.assign(body, behaviour.spoil)
  if (behaviour.outage !== null) Object.assign(context, behaviour.outage)
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

async function sign(
  issuer: string,
  { kid, alg, privateKey }: SigningKey,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const payload = {
    iss: issuer,
    sub: 'subject-of-alice',
    aud: CLIENT_ID,
    iat: now,
    exp: now + 3600,
    preferred_username: 'alice',
    ...claims,
  }
  return new SignJWT(payload).setProtectedHeader({ alg, kid, typ: 'JWT', ...header }).sign(privateKey)
}
