import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loginHost } from '../../support/device-login.ts'
import { type IdentityProvider, newKey, startIdentityProvider } from '../../support/identity-provider.ts'
import { ssoHost } from '../../support/sso-host.ts'

let idp: IdentityProvider
const servers: http.Server[] = []

beforeAll(async () => {
  idp = await startIdentityProvider()
})

afterAll(async () => {
  await idp.stop()
  for (const server of servers) server.close().closeAllConnections()
})

interface Check {
  readonly check: string
  readonly status: string
  readonly seen: string | null
  readonly fix: string | null
}

async function check(issuer: string, settings = {}) {
  const { json, exitCode } = await ssoHost(issuer, settings).runJson(['sso', 'check'])
  const checks: readonly Check[] = json.checks
  return { exitCode, issuer: json.issuer, of: (name: string) => checks.find((found) => found.check === name), checks }
}

async function oddIssuer(document: (origin: string) => object, jwks: unknown = { keys: [] }): Promise<string> {
  const server = http.createServer(({ url }, response) => {
    response.end(JSON.stringify(url === '/jwks' ? jwks : { jwks_uri: `${origin}/jwks`, ...document(origin) }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return origin
}

describe('sso check', () => {
  test('passes what a provider publishes, and fails a loopback address: AWS cannot reach it', async () => {
    const { checks, exitCode, issuer } = await check(idp.issuer)
    expect({ exitCode, issuer }).toEqual({ exitCode: 5, issuer: idp.issuer })
    expect(checks.map((found) => [found.check, found.status])).toEqual([
      ['issuer-url', 'warning'],
      ['discovery', 'passed'],
      ['issuer', 'passed'],
      ['jwks', 'passed'],
      ['key-types', 'passed'],
      ['signing-algorithms', 'passed'],
      ['scopes', 'passed'],
      ['offline-access', 'passed'],
      ['token-endpoint', 'passed'],
      ['device-login', 'passed'],
      ['grant-types', 'passed'],
      ['client-secret', 'passed'],
      ['public-address', 'failed'],
    ])
    for (const found of checks) expect(Object.keys(found)).toEqual(['check', 'status', 'seen', 'expected', 'fix'])
  })

  test('prints a line a check, with the way out beneath', async () => {
    const { stdout, stderr, exitCode } = await ssoHost(idp.issuer).run(['sso', 'check'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 5 })
    expect(stdout).toContain('✓ discovery           found\n')
    expect(stdout).toContain('! issuer-url')
    expect(stdout).toContain('✗ public-address      127.0.0.1: 127.0.0.1\n    expected public addresses')
  })

  test('says where the issuer differs only by a slash, and skips nothing for it', async () => {
    const { of, exitCode } = await check(`${idp.issuer}/`)
    expect(exitCode).toBe(5)
    expect(of('issuer')).toMatchObject({ status: 'failed', seen: idp.issuer })
    expect(of('issuer')?.fix).toContain('they differ only by a trailing slash')
    expect(of('jwks')?.status).toBe('passed')
  })

  test('skips what cannot be looked at where nobody answers', async () => {
    const closed = await startIdentityProvider()
    await closed.stop()
    const { of } = await check(closed.issuer)
    expect(of('discovery')).toMatchObject({ status: 'failed', seen: 'the connection was refused (ECONNREFUSED)' })
    expect(of('jwks')?.status).toBe('skipped')
  })

  test('stops at an issuer that is none', async () => {
    const { checks, exitCode } = await check('http://sso.example.com')
    expect(exitCode).toBe(5)
    expect(checks).toHaveLength(1)
    expect(checks[0]?.fix).toContain('it must begin with https://')
    expect(checks[0]?.fix).toMatch(/; change sso\.issuer in \/.*config\.yaml$/)
  })

  test.each(['https://user:CANARY@127.0.0.1/jwks', 'https://user:CANARY@:x/jwks', '//user:CANARY@127.0.0.1'])(
    'refuses keys behind a password, and does not repeat it: %s',
    async (jwksUri) => {
      const host = ssoHost(await oddIssuer((issuer) => ({ issuer, jwks_uri: jwksUri })))
      const { json, stdout } = await host.runJson(['sso', 'check'])
      const jwks = json.checks.find((found: Check) => found.check === 'jwks')
      expect(jwks).toMatchObject({ status: 'failed', seen: 'has a jwks_uri with a user name or password (not shown)' })
      expect(stdout).not.toContain('CANARY')
    },
  )

  test('knows the issuers of Entra', async () => {
    const { of } = await check('https://login.microsoftonline.com/common/v2.0')
    expect(of('issuer-url')?.fix).toContain('use your tenant id')
  })

  test('finds keys that AWS cannot use', async () => {
    const { jwk } = await newKey('Ed25519')
    const { of } = await check(await oddIssuer((issuer) => ({ issuer }), { keys: [jwk] }))
    expect(of('key-types')).toMatchObject({ status: 'failed', seen: 'OKP Ed25519 Ed25519 sig' })
    const empty = await check(await oddIssuer((issuer) => ({ issuer })))
    expect(empty.of('jwks')?.status).toBe('failed')
    expect(empty.of('key-types')?.status).toBe('skipped')
  })

  test('warns of scopes that would end sessions after an hour, or that are not listed', async () => {
    const { of } = await check(idp.issuer, { scopes: ['openid', 'groups'] })
    expect(of('offline-access')).toMatchObject({ status: 'warning', seen: 'openid groups' })
    expect(of('scopes')?.fix).toContain('groups is not listed')
  })

  test('fails a provider that signs with algorithms AWS refuses, and warns of one that does not say', async () => {
    const document = (issuer: string) => ({ issuer, id_token_signing_alg_values_supported: ['HS256'] })
    expect((await check(await oddIssuer(document))).of('signing-algorithms')?.status).toBe('failed')
    expect((await check(await oddIssuer((issuer) => ({ issuer })))).of('signing-algorithms')?.status).toBe('warning')
  })

  test('warns of what sso login and sso refresh miss, and fails an endpoint without TLS', async () => {
    const without = await check(await oddIssuer((issuer) => ({ issuer })))
    for (const [name, fix] of [
      ['token-endpoint', 'sso login and sso refresh cannot work'],
      ['device-login', 'allow the device authorization grant'],
      ['grant-types', 'lists no grant types'],
    ] as const)
      expect(without.of(name)).toMatchObject({ status: 'warning', seen: null, fix: expect.stringContaining(fix) })
    const odd = await oddIssuer((issuer) => ({
      issuer,
      token_endpoint: `${issuer}/token`,
      device_authorization_endpoint: 'http://idp.example.com/device',
      grant_types_supported: ['authorization_code', 'refresh_token'],
    }))
    const { of } = await check(odd)
    expect(of('token-endpoint')?.status).toBe('passed')
    expect(of('device-login')).toMatchObject({ status: 'failed', seen: expect.stringContaining('is not https:') })
    expect(of('grant-types')?.fix).toMatch(/^urn:ietf:params:oauth:grant-type:device_code is not listed/)
  })

  test.each([
    ['is good', 0o600, 'CANARY-secret\n', 'passed', /^only the file was looked at/],
    ['everybody may read', 0o644, 'CANARY-secret\n', 'failed', 'everybody may read the client secret: chmod o-rwx'],
    ['everybody may write', 0o666, 'CANARY-secret\n', 'failed', /write it.*; .*everybody may read the client secret/],
    ['is empty', 0o600, '\n', 'failed', 'is empty; expected the secret alone'],
    ['is not there', null, '', 'failed', 'there is no file'],
  ])('looks at the file of the client secret, without showing it: one that %s', async (_, mode, text, status, fix) => {
    const host = loginHost(idp)
    const file = join(host.directory, 'client-secret')
    writeFileSync(file, text)
    if (mode === null) rmSync(file)
    else chmodSync(file, mode)
    const { json, stdout } = await host.runJson(['sso', 'check'])
    const found = json.checks.find((one: Check) => one.check === 'client-secret')
    expect(found).toMatchObject({ status, seen: file, fix: expect.stringMatching(fix) })
    expect(stdout).not.toContain('CANARY')
  })

  test.each(['/no/such/config.yaml', '/dev/null/config.yaml', `/${'x'.repeat(300)}`])(
    'asks for a configuration where there is none',
    async (config) => {
      const { json, exitCode } = await ssoHost(idp.issuer).runJson(['sso', 'check', '--config', config])
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_CONFIG' })
    },
  )
})
