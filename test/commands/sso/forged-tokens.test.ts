import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { exportSPKI, importJWK } from 'jose'
import { analyst, engineer } from '../../support/arns.ts'
import { type IdentityProvider, newKey, startIdentityProvider } from '../../support/identity-provider.ts'
import { refusedInBothModes, type SsoHost, ssoHost, storeText } from '../../support/sso-host.ts'

let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider()
})

afterAll(() => idp.stop())

const now = () => Math.floor(Date.now() / 1000)
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The claims of a good token, for those that are signed by hand. */
const goodClaims = () => ({
  iss: idp.issuer,
  sub: 'subject-of-alice',
  aud: 'workbench',
  iat: now(),
  exp: now() + 3600,
  preferred_username: 'alice',
  aws_role_arn: [engineer],
})

async function signedWithPublicKey(): Promise<string> {
  const [{ jwk, kid }] = idp.keys()
  const secret = await exportSPKI((await importJWK(jwk, 'RS256')) as CryptoKey)
  const text = `${base64url({ alg: 'HS256', kid, typ: 'JWT' })}.${base64url(goodClaims())}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

async function withOtherPayload(): Promise<string> {
  const [header, , signature] = (await idp.sign()).split('.')
  return `${header}.${base64url(goodClaims())}.${signature}`
}

interface Forgery {
  readonly name: string
  readonly token: () => Promise<string> | string
  readonly code: string
  /** A part of the message: what was seen, beside what was expected. */
  readonly says: string | (() => string)
  readonly username?: string | null
}

const forgeries: readonly Forgery[] = [
  {
    name: 'alg none',
    token: () => `${base64url({ alg: 'none' })}.${base64url(goodClaims())}.`,
    code: 'TOKEN_ALGORITHM',
    says: 'it is not signed; expected one of RS256',
  },
  {
    name: 'HS256 signed with the public key',
    token: signedWithPublicKey,
    code: 'TOKEN_ALGORITHM',
    says: 'signed with "HS256"',
  },
  {
    name: 'PS256, which STS does not take',
    token: async () => idp.sign({}, {}, await newKey('PS256')),
    code: 'TOKEN_ALGORITHM',
    says: 'signed with "PS256"',
  },
  {
    name: 'a key of nobody',
    token: async () => idp.sign({}, {}, await newKey('RS256')),
    code: 'TOKEN_UNKNOWN_KEY',
    says: 'a key that its issuer does not publish',
  },
  {
    name: "a key of nobody under the provider's kid",
    token: async () => idp.sign({}, { kid: idp.keys()[0].kid }, await newKey('RS256')),
    code: 'TOKEN_SIGNATURE',
    says: 'did not sign this text',
  },
  {
    name: 'claims exchanged under a good signature',
    token: withOtherPayload,
    code: 'TOKEN_SIGNATURE',
    says: 'did not sign this text',
  },
  {
    name: 'another issuer',
    token: () => idp.sign({ iss: 'https://evil.example' }),
    code: 'TOKEN_ISSUER',
    says: () => `issued by "https://evil.example", expected "${idp.issuer}"`,
  },
  { name: 'no issuer', token: () => idp.sign({ iss: undefined }), code: 'TOKEN_ISSUER', says: 'issued by nothing' },
  {
    name: 'an issuer with a trailing slash',
    token: () => idp.sign({ iss: `${idp.issuer}/` }),
    code: 'TOKEN_ISSUER',
    says: 'they differ only by a trailing slash',
  },
  {
    name: 'an issuer in another case',
    token: () => idp.sign({ iss: idp.issuer.replace('http', 'HTTP') }),
    code: 'TOKEN_ISSUER',
    says: 'they differ only by upper and lower case',
  },
  {
    name: 'another audience',
    token: () => idp.sign({ aud: 'grafana' }),
    code: 'TOKEN_AUDIENCE',
    says: 'meant for "grafana", expected the client id "workbench"',
  },
  { name: 'no audience', token: () => idp.sign({ aud: undefined }), code: 'TOKEN_AUDIENCE', says: 'meant for nobody' },
  {
    name: 'azp of another client',
    token: () => idp.sign({ azp: 'grafana' }),
    code: 'TOKEN_AUTHORIZED_PARTY',
    says: 'handed to "grafana" (azp), expected the client id "workbench"',
  },
  {
    name: 'azp null',
    token: () => idp.sign({ azp: null }),
    code: 'TOKEN_AUTHORIZED_PARTY',
    says: 'handed to nobody by name',
  },
  {
    name: 'several audiences without azp',
    token: () => idp.sign({ aud: ['workbench', 'grafana'] }),
    code: 'TOKEN_AUTHORIZED_PARTY',
    says: 'meant for 2 audiences',
  },
  {
    name: 'expired',
    token: () => idp.sign({ exp: now() - 61 }),
    code: 'TOKEN_EXPIRED',
    says: 'the token expired at 20',
  },
  {
    name: 'not yet valid',
    token: () => idp.sign({ nbf: now() + 90 }),
    code: 'TOKEN_NOT_YET_VALID',
    says: 'not valid before 20',
  },
  {
    name: 'issued in the future',
    token: () => idp.sign({ iat: now() + 90 }),
    code: 'TOKEN_NOT_YET_VALID',
    says: 'issued in the future',
  },
  {
    name: 'exp missing',
    token: () => idp.sign({ exp: undefined }),
    code: 'TOKEN_MALFORMED',
    says: 'it has no claim exp',
  },
  {
    name: 'iat missing',
    token: () => idp.sign({ iat: undefined }),
    code: 'TOKEN_MALFORMED',
    says: 'it has no claim iat',
  },
  {
    name: 'sub missing',
    token: () => idp.sign({ sub: undefined }),
    code: 'TOKEN_MALFORMED',
    says: 'it has no claim sub',
  },
  { name: 'sub empty', token: () => idp.sign({ sub: '' }), code: 'TOKEN_MALFORMED', says: 'the claim sub' },
  {
    name: 'exp endless',
    token: () => idp.sign({ exp: 1e300 }),
    code: 'TOKEN_MALFORMED',
    says: 'the claim exp is not a time',
  },
  {
    name: 'iat before 1970',
    token: () => idp.sign({ iat: -1e20 }),
    code: 'TOKEN_MALFORMED',
    says: 'the claim iat is not a time',
  },
  {
    name: 'an access token',
    token: () => idp.sign({}, { typ: 'at+jwt' }),
    code: 'TOKEN_MALFORMED',
    says: 'that is an access token',
  },
  ...[
    ['a logout token', 'logout+jwt', 'that is a logout token'],
    ['a security event token', 'application/SecEvent+JWT', 'that is a security event token'],
    ['a DPoP proof', 'dpop+jwt', 'that is a DPoP proof'],
    ['an answer of introspection', 'token-introspection+jwt', 'that is an answer about a token'],
    ['a token of a kind that nobody knows', 'JOSE', 'that is a token of another kind (typ "JOSE")'],
  ].map(([name = '', typ, says = '']) => ({
    name,
    token: () => idp.sign({ aws_role_arn: undefined }, { typ }),
    code: 'TOKEN_MALFORMED',
    says,
  })),
  {
    name: 'a logout token that does not name its type',
    token: () => idp.sign({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }, { typ: 'JWT' }),
    code: 'TOKEN_MALFORMED',
    says: 'a logout token or a security event token (it has the claim events)',
  },
  {
    name: 'an access token of Keycloak',
    token: () => idp.sign({ typ: 'Bearer' }),
    code: 'TOKEN_MALFORMED',
    says: 'that is an access token (its claim typ is "Bearer"), not an ID token',
  },
  {
    name: 'a token whose claim typ is no text',
    token: () => idp.sign({ typ: ['ID'] }),
    code: 'TOKEN_MALFORMED',
    says: 'that is a token of another kind',
  },
  ...['iat', 'exp', 'nbf'].map((claim) => ({
    name: `${claim} with a fraction of a second`,
    token: () => idp.sign({ [claim]: now() + (claim === 'exp' ? 60.5 : -0.5) }),
    code: 'TOKEN_MALFORMED',
    says: `the claim ${claim} is not a time in whole seconds`,
  })),
  {
    name: 'an encrypted token',
    token: () => 'eyJhbGciOiJSU0EifQ.a.b.c.d',
    code: 'TOKEN_MALFORMED',
    says: 'it is encrypted (JWE)',
  },
  { name: 'an opaque token', token: () => 'ya29-opaque', code: 'TOKEN_MALFORMED', says: 'access or refresh token' },
  {
    name: 'a token response',
    token: () => '{"id_token":"x"}',
    code: 'TOKEN_MALFORMED',
    says: 'give the value of id_token alone',
  },
  { name: 'an empty file', token: () => '', code: 'TOKEN_MALFORMED', says: 'it is empty' },
  {
    name: 'parts that are no JSON',
    token: () => 'aaaa.bbbb.cccc',
    code: 'TOKEN_MALFORMED',
    says: 'do not read as JSON',
  },
  {
    name: 'a hundred kilobytes',
    token: () => 'a'.repeat(200_000),
    code: 'TOKEN_MALFORMED',
    says: 'more than 100000 characters',
  },
  {
    name: 'a header that asks for what nobody understands',
    token: () => `${base64url({ alg: 'RS256', crit: ['x'], x: 1 })}.${base64url(goodClaims())}.AAAA`,
    code: 'TOKEN_MALFORMED',
    says: 'not an ID token',
  },
  {
    name: "another user's name",
    token: () => idp.sign({ preferred_username: 'mallory' }),
    code: 'TOKEN_USERNAME',
    says: 'the token is for "mallory", expected "alice"',
    username: 'mallory',
  },
  {
    name: 'no user name',
    token: () => idp.sign({ preferred_username: undefined }),
    code: 'TOKEN_USERNAME',
    says: 'the claim "preferred_username" is not there',
  },
  {
    name: 'a user name that is none',
    token: () => idp.sign({ preferred_username: 'a/b' }),
    code: 'TOKEN_USERNAME',
    says: 'which is not a user name',
  },
]

describe('sso apply-claims refuses', () => {
  let victim: SsoHost

  beforeAll(async () => {
    victim = ssoHost(idp.issuer)
    await victim.run(['set-aws-role-arns', 'alice', analyst])
  })

  test.each(forgeries)('$name', async ({ token, code, says, username = 'alice' }) => {
    const forged = await token()
    const { text, json } = await refusedInBothModes(victim, forged, ['alice'])
    expect(json.error.code).toBe(code)
    expect(json.error.message).toContain(typeof says === 'string' ? says : says())
    expect(text.stderr).toContain('nothing was changed')
    const [event] = await victim.events()
    expect(event).toMatchObject({ action: 'sso-refused', username, before: null, after: null, details: { code } })
    expect((await victim.run(['get-aws-role-arns', 'alice'])).stdout).toBe(`${analyst}\n`)
    if (forged !== '') expect(text.stderr + JSON.stringify(json) + storeText(victim)).not.toContain(forged)
  })

  test.each([
    [{}, { typ: undefined }],
    [{}, { typ: 'jwt' }],
    [{}, { typ: 'application/JWT' }],
    [{ typ: 'ID' }, { typ: 'JWT' }],
  ])('no ID token for how it names its type: %j %j', async (claims, header) => {
    expect(await ssoHost(idp.issuer).apply(await idp.sign(claims, header))).toMatchObject({ exitCode: 0 })
  })

  test('with one event each, in a chain that holds', async () => {
    const host = ssoHost(idp.issuer)
    await refusedInBothModes(host, 'ya29-opaque', ['alice'])
    await refusedInBothModes(host, await idp.sign({ preferred_username: 'mallory' }), ['alice'])
    expect((await host.events()).map(({ action }) => action)).toEqual(Array(4).fill('sso-refused'))
    expect((await host.run(['audit', 'verify'])).exitCode).toBe(0)
  })

  test('nobody by name where neither the caller nor a verified token names one', async () => {
    const host = ssoHost(idp.issuer)
    await refusedInBothModes(host, await idp.sign({ iss: 'https://evil.example' }), [])
    const [event] = await host.events()
    expect(event).toMatchObject({
      username: null,
      details: { code: 'TOKEN_ISSUER', iss: 'https://evil.example', alg: 'RS256' },
    })
  })

  test("a terminal's control characters in what a forger wrote", async () => {
    const host = ssoHost(idp.issuer)
    const { text } = await refusedInBothModes(host, await idp.sign({ iss: '\u001b[2Jhttps://evil.example' }), [])
    expect(text.stderr).not.toContain('\u001b')
    const [event] = await host.events()
    expect(event?.details?.iss).toBe('\\u{1b}[2Jhttps://evil.example')
  })
})
