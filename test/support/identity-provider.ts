import { randomBytes } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Context, default as Provider } from 'oidc-provider'
import { CLIENT_ID, CLIENT_SECRET, logIn, REDIRECT_URI, SCOPE } from './openid-login.ts'

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
  readonly accounts?: Accounts
  /** Serve over TLS; PEM. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export interface IdentityProvider {
  readonly issuer: string
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
    handle = (await createProvider(issuer, keys, accounts)).callback()
  }
  await serve()
  return {
    issuer,
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

/** Whoever comes is the account that `login_hint` names; nobody is asked for consent. */
async function createProvider(issuer: string, keys: readonly SigningKey[], accounts: Accounts): Promise<Provider> {
  const provider = await quietly(async () => {
    const { default: OpenIdProvider } = await import('oidc-provider')
    return new OpenIdProvider(issuer, {
      jwks: { keys: keys.map(({ privateJwk }) => privateJwk) },
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [REDIRECT_URI],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
        },
      ],
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      claims: { openid: ['sub', ...claimNames(accounts)] },
      conformIdTokenClaims: false,
      cookies: { keys: [randomBytes(16).toString('hex')] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId, ...accounts[accountId] }),
      }),
      loadExistingGrant,
      ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 3600, AccessToken: 600 },
    })
  })
  provider.use(answerInteractions(provider))
  return provider
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
  grant.addOIDCScope(SCOPE)
  await grant.save()
  return grant
}

function answerInteractions(provider: Provider) {
  return async (context: Context, next: () => Promise<void>) => {
    if (!context.path.startsWith('/interaction/')) return next()
    const { params } = await provider.interactionDetails(context.req, context.res)
    context.respond = false
    await provider.interactionFinished(context.req, context.res, { login: { accountId: String(params.login_hint) } })
  }
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
