import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { temporaryDirectory } from '../../support/admin.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { ssoHost } from '../../support/sso-host.ts'

const directory = temporaryDirectory()
const [keyFile, certificateFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
const servers: http.Server[] = []
let secure: IdentityProvider
let plain: IdentityProvider

beforeAll(async () => {
  makeCertificate()
  const tls = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certificateFile, 'utf8') }
  secure = await startIdentityProvider({ tls })
  plain = await startIdentityProvider()
})

afterAll(async () => {
  await Promise.all([secure.stop(), plain.stop()])
  for (const server of servers) server.close().closeAllConnections()
})

function makeCertificate(): void {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile]
  execFileSync('openssl', ['req', '-x509', ...key, ...subject, '-out', certificateFile], { stdio: 'pipe' })
}

async function listen(server: http.Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A proxy that lets everything through and remembers who was asked for. */
async function startProxy(): Promise<{ readonly url: string; readonly seen: string[] }> {
  const seen: string[] = []
  const server = http.createServer()
  server.on('connect', (request, client, head) => {
    seen.push(`CONNECT ${request.url}`)
    const [host = '', port = ''] = (request.url ?? '').split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  return { url: await listen(server), seen }
}

/** An issuer that answers the discovery document with whatever the test wants. */
async function startOddIssuer(
  answer: (origin: string) => { status?: number; headers?: Record<string, string>; body?: string },
) {
  const server = http.createServer((_, response) => {
    const { status = 200, headers = {}, body = '' } = answer(url)
    response.writeHead(status, headers).end(body)
  })
  const url = await listen(server)
  return url
}

async function unavailable(issuer: string) {
  const host = ssoHost(issuer)
  const { json, exitCode } = await host.apply(await plain.sign({ iss: issuer }))
  expect(await host.events()).toEqual([])
  return { error: json.error, exitCode }
}

describe('the way to the issuer', () => {
  test('trusts the authorities of NODE_EXTRA_CA_CERTS', async () => {
    const host = ssoHost(secure.issuer)
    const file = host.tokenFile(await secure.sign())
    const env = { NODE_EXTRA_CA_CERTS: certificateFile }
    expect((await host.run(['sso', 'apply-claims', '--id-token-file', file], { env })).exitCode).toBe(0)
  })

  test('is closed by a certificate of nobody, and says which variable opens it', async () => {
    const { error, exitCode } = await unavailable(secure.issuer)
    expect(exitCode).toBe(7)
    expect(error).toMatchObject({
      code: 'UNAVAILABLE_ISSUER',
      suggestions: ['NODE_EXTRA_CA_CERTS=/path/to/ca.pem admin sso check'],
    })
    expect(error.message).toContain('its TLS certificate is not trusted')
  })

  test.each(['HTTPS_PROXY', 'https_proxy'])('goes through the proxy of %s', async (variable) => {
    const { url, seen } = await startProxy()
    const host = ssoHost(secure.issuer)
    const file = host.tokenFile(await secure.sign())
    const env = { NODE_EXTRA_CA_CERTS: certificateFile, [variable]: url }
    expect((await host.run(['sso', 'apply-claims', '--id-token-file', file], { env })).exitCode).toBe(0)
    expect(seen[0]).toBe(`CONNECT ${new URL(secure.issuer).host}`)
  })

  test('heeds NO_PROXY', async () => {
    const { url, seen } = await startProxy()
    const host = ssoHost(secure.issuer)
    const file = host.tokenFile(await secure.sign())
    const env = { NODE_EXTRA_CA_CERTS: certificateFile, HTTPS_PROXY: url, NO_PROXY: '127.0.0.1' }
    expect((await host.run(['sso', 'apply-claims', '--id-token-file', file], { env })).exitCode).toBe(0)
    expect(seen).toEqual([])
  })

  test('says that the variable of the proxy is none, without its password', async () => {
    const host = ssoHost(secure.issuer)
    const file = host.tokenFile(await secure.sign())
    const env = { HTTPS_PROXY: 'http://user:CANARY@:bad:' }
    const run = await host.runJson(['sso', 'apply-claims', '--id-token-file', file], { env })
    expect(run).toMatchObject({ exitCode: 2, json: { error: { code: 'INVALID_CONFIG' } } })
    expect(run.stdout + run.stderr).not.toContain('CANARY')
  })

  test('ends with exit 7 and without an event where nobody listens', async () => {
    const closed = await startIdentityProvider()
    await closed.stop()
    const { error, exitCode } = await unavailable(closed.issuer)
    expect(exitCode).toBe(7)
    expect(error.message).toContain('the connection was refused (ECONNREFUSED)')
  })

  test.each([
    ['an error', () => ({ status: 503 }), 'it answered 503'],
    ['a page', () => ({ body: '<html>' }), 'it answered with something else than JSON'],
    ['a list', () => ({ body: '[]' }), 'is a list, not an object'],
    [
      'a redirect to another host',
      () => ({ status: 302, headers: { location: 'https://evil.example/' } }),
      'https://evil.example/',
    ],
    ['more than anybody needs', () => ({ body: ' '.repeat(1_000_001) }), 'more than 1000000 bytes'],
    ['no jwks_uri', (issuer: string) => ({ body: JSON.stringify({ issuer }) }), 'has no jwks_uri'],
    [
      'a jwks_uri without TLS',
      (issuer: string) => ({ body: JSON.stringify({ issuer, jwks_uri: 'http://keys.example/jwks' }) }),
      'which is not https:',
    ],
    [
      'no keys',
      (issuer: string) => ({ body: JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks`, keys: [] }) }),
      'not a key set with at least one key',
    ],
  ])('ends with exit 7 where the issuer answers %s', async (_, answer, says) => {
    const { error, exitCode } = await unavailable(await startOddIssuer(answer))
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_ISSUER' })
    expect(error.message).toContain(says)
  })

  test('stops where the identity provider calls itself by another name', async () => {
    const issuer = await startOddIssuer((origin) => ({
      body: JSON.stringify({ issuer: `${origin}/`, jwks_uri: plain.issuer }),
    }))
    const { error, exitCode } = await unavailable(issuer)
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: 'INVALID_ISSUER' })
    expect(error.message).toContain('they differ only by a trailing slash')
  })

  test('is not taken at all for what cannot be a token of this issuer', async () => {
    const host = ssoHost(plain.issuer)
    plain.requests.length = 0
    await host.apply(await plain.sign({ iss: 'https://evil.example' }))
    await host.apply('no.token.here')
    expect(plain.requests).toEqual([])
    expect(existsSync(host.cache)).toBe(false)
  })
})
