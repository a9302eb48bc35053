import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { projectRoot, startAdmin } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { deviceLogin, loginHost } from '../../support/device-login.ts'
import { everythingIn } from '../../support/everything-in.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { sqlite } from '../../support/sqlite.ts'
import type { SsoHost } from '../../support/sso-host.ts'

let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider({
    accounts: {
      alice: { preferred_username: 'alice', aws_role_arn: [analyst, scientist], aws_role_session_name: 'alice@x' },
      bob: { preferred_username: 'bob', aws_role_arn: 7 },
    },
  })
})

beforeEach(() => {
  Object.assign(idp.behaviour, { slowDowns: 0, deviceSeconds: 600, idTokenSeconds: 3600, outage: null })
  idp.requests.length = 0
  idp.issued.length = 0
})

afterEach(() => {
  jest.restoreAllMocks()
})

afterAll(() => idp.stop())

const kept = (host: SsoHost) => sqlite(host.store, 'SELECT * FROM kept_tokens')
const asked = (path: string) => idp.requests.filter((request) => request === path).length

/** Everything that the identity provider gave out, in no text of those. */
function expectNoToken(...texts: readonly string[]): void {
  expect(idp.issued.length).toBeGreaterThan(0)
  for (const { idToken, refreshToken } of idp.issued)
    for (const token of [idToken, refreshToken, idToken?.split('.')[1], idToken?.split('.')[2]])
      if (typeof token === 'string') for (const text of texts) expect(text.includes(token)).toBe(false)
}

function clockOfProviderIsOff(minutes: number): void {
  const now = Date.now.bind(Date)
  jest.spyOn(Date, 'now').mockImplementation(() => now() + minutes * 60_000)
}

describe('sso login', () => {
  test('shows an address and a code on stderr, applies the token, and keeps what renews it', async () => {
    const host = loginHost(idp)
    await host.run(['set-aws-role-arns', 'alice', engineer])
    const { stdout, stderr, exitCode } = await deviceLogin(idp, host, ['--username', 'alice', '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      username: 'alice',
      outcome: 'overridden',
      source: 'sso',
      roleArns: [analyst, scientist],
      roleSessionName: 'alice@x',
      previous: { source: 'cli', roleArns: [engineer] },
      refreshToken: 'kept',
      idTokenExpiresAt: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    expect(stderr).toMatch(
      /to log in, open http:\/\/127\.0\.0\.1:\d+\/device on any device, and enter the code\n\n {2}[A-Z-]+\n/,
    )
    expect((await host.events())[0]).toMatchObject({
      action: 'sso-login',
      username: 'alice',
      details: { outcome: 'overridden', grant: 'device', subject: 'alice' },
    })
    expect((await host.run(['audit', 'verify'])).exitCode).toBe(0)
  })

  test('leaves no token anywhere in clear: output, store, log, key file', async () => {
    const host = loginHost(idp)
    const { stdout, stderr } = await deviceLogin(idp, host)
    expect(stdout).toContain('can be refreshed')
    const refreshed = await host.run(['sso', 'refresh', 'alice'])
    const log = await host.run(['audit', 'log', '--json'])
    expect(idp.issued).toHaveLength(2)
    expectNoToken(stdout, stderr, refreshed.stdout, refreshed.stderr, log.stdout, everythingIn(host.directory))
    expect(kept(host)).toEqual([
      expect.objectContaining({ sealed: expect.stringMatching(/^v1\.[0-9a-f]{16}\.[\w-]+$/) }),
    ])
    expectNoToken(JSON.stringify(sqlite(host.store, 'SELECT * FROM events')), JSON.stringify(kept(host)))
  })

  test('makes the key at first use, for its owner alone', async () => {
    const host = loginHost(idp)
    await deviceLogin(idp, host)
    expect(statSync(host.vaultKey).mode & 0o777).toBe(0o600)
    const before = readFileSync(host.vaultKey, 'utf8')
    expect(before).toMatch(/^[\w-]{43}\n$/)
    await deviceLogin(idp, host)
    expect(readFileSync(host.vaultKey, 'utf8')).toBe(before)
    expect(kept(host)).toHaveLength(1)
  })

  test('agrees on one key where several log in at once', async () => {
    const host = loginHost(idp)
    await host.run(['store', 'migrate'])
    const names = ['p1', 'p2', 'p3', 'p4']
    for (const name of names) idp.accounts[name] = { preferred_username: name, aws_role_arn: analyst }
    const runs = await Promise.all(names.map((account) => deviceLogin(idp, host, [], { account })))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
    const { json } = await host.runJson(['sso', 'refresh', '--all'])
    expect(json).toMatchObject({ refreshed: 4, failed: 0 })
  })

  test.each([
    ['loose', (file: string) => writeFileSync(file, 'x', { mode: 0o644 }), 'others may use it \\(mode 644\\)'],
    ['a symbolic link', (file: string) => symlinkSync('/etc/hostname', file), 'it is a symbolic link'],
    ['in a directory that others may write', (file: string) => chmodSync(dirname(file), 0o777), 'others may write it'],
  ])('refuses a key file that is %s before it bothers anybody', async (_, spoil, problem) => {
    const host = loginHost(idp)
    mkdirSync(dirname(host.vaultKey), { mode: 0o700 })
    spoil(host.vaultKey)
    const { exitCode, stderr } = await deviceLogin(idp, host, [], { answer: 'wait' })
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(new RegExp(problem))
    expect(asked('/device/auth')).toBe(0)
  })

  test('says that a key file is none, and what follows', async () => {
    const host = loginHost(idp)
    mkdirSync(dirname(host.vaultKey), { mode: 0o700 })
    writeFileSync(host.vaultKey, 'short\n', { mode: 0o600 })
    const { exitCode, stderr } = await deviceLogin(idp, host, [], { answer: 'wait' })
    expect(exitCode).toBe(6)
    expect(stderr).toContain('is not a key: expected one line of 43 characters')
  })
})

describe('sso login ends with nothing kept', () => {
  async function refused(
    code: string,
    exit: number,
    ...login: Parameters<typeof deviceLogin> extends [unknown, ...infer R] ? R : never
  ) {
    const [host, argv = [], options] = login
    const { stdout, stderr, exitCode } = await deviceLogin(idp, host, [...argv, '--json'], options)
    expect({ exitCode, code: JSON.parse(stdout).error.code }).toEqual({ exitCode: exit, code })
    expect(kept(host)).toEqual([])
    return { error: JSON.parse(stdout).error, stderr }
  }

  test('where somebody else logged in than was named', async () => {
    const host = loginHost(idp)
    const { error } = await refused('TOKEN_USERNAME', 9, host, ['--username', 'carol'])
    expect(error.message).toContain('the token is for "alice", expected "carol"')
    expect(await host.events()).toMatchObject([{ action: 'sso-refused', details: { grant: 'device' } }])
  })

  test('where the claims are malformed', async () => {
    const host = loginHost(idp)
    await refused('TOKEN_CLAIMS', 9, host, [], { account: 'bob' })
    expect(await host.events()).toMatchObject([{ action: 'sso-refused', username: 'bob' }])
  })

  test('where the person refuses', async () => {
    const host = loginHost(idp)
    const { error } = await refused('DENIED_LOGIN', 6, host, [], { answer: 'refuse' })
    expect(error.message).toContain('refused at the identity provider')
    expect(await host.events()).toEqual([])
  })

  test('where nobody comes before the code ends', async () => {
    idp.behaviour.deviceSeconds = 1
    const { error } = await refused('DENIED_LOGIN_EXPIRED', 6, loginHost(idp), [], { answer: 'wait' })
    expect(error.suggestions).toEqual(['admin sso login'])
    const named = await refused('DENIED_LOGIN_EXPIRED', 6, loginHost(idp), ['--username', "o'hara"], { answer: 'wait' })
    expect(named.error.suggestions).toEqual([`admin sso login --username 'o'\\''hara'`])
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('where %s ends it, as it ends any tool, and says so', async (name) => {
    const host = loginHost(idp)
    const onPrompt = (child: { kill: (signal: NodeJS.Signals) => boolean }) => void child.kill(name)
    const { stdout, stderr, signal } = await deviceLogin(idp, host, ['--json'], { answer: 'wait', onPrompt })
    expect({ signal, stdout }).toEqual({ signal: name, stdout: '' })
    expect(stderr).toMatch(/min\ninterrupted; nothing was changed\n$/)
    expect(await host.events()).toEqual([])
    expect(kept(host)).toEqual([])
  })

  test('where a signal ends it while the provider is silent', async () => {
    const asked = Promise.withResolvers<void>()
    const server = http.createServer(() => asked.resolve())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      const child = startAdmin(['sso', 'login'], { env: loginHost(idp, { issuer }).env })
      const ended = new Promise((resolve) => child.on('close', (exitCode, signal) => resolve({ exitCode, signal })))
      await asked.promise
      child.kill('SIGINT')
      expect(await ended).toEqual({ exitCode: null, signal: 'SIGINT' })
    } finally {
      server.close().closeAllConnections()
    }
  })

  test('where the client secret is wrong', async () => {
    const host = loginHost(idp)
    writeFileSync(join(host.directory, 'client-secret'), 'another-secret-here', { mode: 0o600 })
    const { error, stderr } = await refused('DENIED_CLIENT', 6, host, [], { answer: 'wait' })
    const file = join(host.directory, 'client-secret')
    expect(error.message).toContain(`refuses the client "workbench", which came with the secret in ${file}: `)
    expect(error.message).toContain(`compare sso.clientId and the secret in ${file}`)
    expect(error).toMatchObject({ suggestions: [], details: { file } })
    expect(JSON.stringify(error) + stderr).not.toContain('another-secret-here')
  })

  test.each([
    ['readable by everybody', 0o644, 'secret', 'REFUSED_UNSAFE_FILE', 3],
    ['writable by others', 0o622, 'secret', 'REFUSED_UNSAFE_FILE', 3],
    ['empty', 0o600, '\n', 'INVALID_CONFIG', 2],
    ['the file of Workbench', 0o600, 'client-id=a\nclient-secret=b\n', 'INVALID_CONFIG', 2],
  ])('where the file of the client secret is %s', async (_, mode, text, code, exit) => {
    const host = loginHost(idp)
    writeFileSync(join(host.directory, 'client-secret'), text)
    chmodSync(join(host.directory, 'client-secret'), mode)
    await refused(code, exit, host, [], { answer: 'wait' })
    expect(asked('/device/auth')).toBe(0)
  })

  test('where the identity provider is down', async () => {
    await idp.stop()
    try {
      const { error } = await refused('UNAVAILABLE_ISSUER', 7, loginHost(idp), [], { answer: 'wait' })
      expect(error.message).toContain('the connection was refused (ECONNREFUSED)')
    } finally {
      await idp.start()
    }
  })

  test('where its token endpoint fails', async () => {
    Object.assign(idp.behaviour, { deviceSeconds: 2, outage: { status: 500, body: { error: 'server_error' } } })
    const { error } = await refused('UNAVAILABLE_ISSUER', 7, loginHost(idp))
    expect(error.message).toContain('it answered 500')
  })

  test.each([
    ['has none', {}, 'INVALID_ISSUER', 2, 'has no device_authorization_endpoint'],
    [
      'sends elsewhere without TLS',
      { device_authorization_endpoint: 'http://idp.example.com/device' },
      'UNAVAILABLE_ISSUER',
      7,
      'which is not https:',
    ],
  ])('where the endpoint for devices is such that the provider %s', async (_, more, code, exit, words) => {
    const server = http.createServer((_request, response) => {
      response.end(JSON.stringify({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, ...more }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      const { error } = await refused(code, exit, loginHost(idp, { issuer }), [], { answer: 'wait' })
      expect(error.message).toContain(words)
    } finally {
      server.close()
    }
  })
})

describe('sso login whose tokens cannot be kept', () => {
  test('says that the roles are those of the login all the same', async () => {
    const host = loginHost(idp)
    await host.run(['store', 'migrate'])
    sqlite(host.store, "CREATE TRIGGER full BEFORE INSERT ON kept_tokens BEGIN SELECT RAISE(ABORT, 'no room'); END")
    const { stdout, exitCode } = await deviceLogin(idp, host, ['--json'])
    const { error } = JSON.parse(stdout)
    expect({ exitCode, message: error.message }).toEqual({
      exitCode: 7,
      message: expect.stringMatching(
        /^the new tokens of "alice" could not be kept: .*no room\ntheir roles are those of the new ID token, which cannot be renewed$/,
      ),
    })
    expect((await host.runJson(['get-aws-role-arns', 'alice'])).json.roleArns).toEqual([analyst, scientist])
  })
})

describe('sso login keeps its manners', () => {
  test('and waits five seconds longer where it is told to slow down', async () => {
    idp.behaviour.slowDowns = 1
    const began = performance.now()
    const { exitCode } = await deviceLogin(idp, loginHost(idp), [], {
      onPrompt: () => new Promise((resolve) => setTimeout(resolve, 500)),
    })
    expect(exitCode).toBe(0)
    expect(idp.behaviour.slowDowns).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(5000)
    expect(asked('/token')).toBe(2)
  })

  test.each([
    [500, { error: 'server_error' }],
    [429, {}],
  ])('and goes on after one answer of %i', async (status, body) => {
    idp.behaviour.outage = { status, body }
    const { exitCode, stderr } = await deviceLogin(idp, loginHost(idp), [], {
      onPrompt: async () => {
        while (asked('/token') === 0) await new Promise((resolve) => setTimeout(resolve, 20))
        idp.behaviour.outage = null
      },
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('to log in') })
  })

  test('and warns where no refresh token came, with what is missing', async () => {
    const host = loginHost(idp, { scopes: ['openid', 'profile'] })
    const { stdout, stderr, exitCode } = await deviceLogin(idp, host, ['--json'])
    expect([exitCode, JSON.parse(stdout).refreshToken]).toEqual([0, 'missing'])
    expect(stderr).toContain('offline_access is not among sso.scopes in the configuration')
    const refresh = await host.runJson(['sso', 'refresh', 'alice'])
    expect([refresh.exitCode, refresh.json.error.code]).toEqual([4, 'NOT_FOUND_LOGIN'])
    expect(refresh.json.error.message).toContain('no refresh token of "alice" is kept')
  })
})

describe('a clock that is 20 minutes off', () => {
  test('behind that of the provider makes a token that is not valid yet', async () => {
    clockOfProviderIsOff(20)
    const host = loginHost(idp)
    const { stdout, exitCode } = await deviceLogin(idp, host, ['--json'])
    const { error } = JSON.parse(stdout)
    expect([exitCode, error.code]).toEqual([9, 'TOKEN_NOT_YET_VALID'])
    expect(error.message).toContain('the clock of this host is 20 min behind that of the identity provider')
    expect(error.suggestions).toEqual(['timedatectl status'])
  })

  test('ahead of it makes one that has ended when it comes', async () => {
    clockOfProviderIsOff(-20)
    idp.behaviour.idTokenSeconds = 600
    const { stdout, exitCode } = await deviceLogin(idp, loginHost(idp), ['--json'])
    const { error } = JSON.parse(stdout)
    expect([exitCode, error.code]).toEqual([9, 'TOKEN_EXPIRED'])
    expect(error.message).toContain('the clock of this host is 20 min ahead of that of the identity provider')
    expect(error.message).not.toContain('log in again')
  })

  test('is told also where the token is good', async () => {
    clockOfProviderIsOff(-20)
    const { stderr, exitCode } = await deviceLogin(idp, loginHost(idp))
    expect(exitCode).toBe(0)
    expect(stderr).toContain('Warning: the token came just now: the clock of this host is 20 min ahead')
  })
})

describe('an example of the help', () => {
  const { commands } = JSON.parse(readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'))
  const examples: readonly string[] = commands['sso:login'].examples

  test.each(examples)('works as pasted: %s', async (example) => {
    const argv = example.split(' ').slice(example.split(' ').indexOf('login') + 1)
    const host = loginHost(idp)
    expect((await deviceLogin(idp, host, argv)).exitCode).toBe(0)
    expect(existsSync(host.store)).toBe(true)
  })
})
