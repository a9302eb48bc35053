import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { projectRoot, startAdmin } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { deviceLogin, loginHost } from '../../support/device-login.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { CLIENT_SECRET } from '../../support/openid-login.ts'
import { sqlite } from '../../support/sqlite.ts'
import type { SsoHost } from '../../support/sso-host.ts'

let idp: IdentityProvider

beforeAll(async () => {
  // The provider knows the claims of those who are there when it starts.
  const everyClaim = { preferred_username: 'alice', aws_role_arn: [analyst], aws_role_session_name: 'alice@y' }
  idp = await startIdentityProvider({ accounts: { alice: everyClaim } })
})

beforeEach(() => {
  Object.assign(idp.behaviour, {
    rotates: true,
    refreshesIdToken: true,
    idTokenSeconds: 3600,
    outage: null,
    meanwhile: null,
    spoil: {},
  })
  idp.accounts.alice = { preferred_username: 'alice', aws_role_arn: [analyst] }
  idp.requests.length = 0
})

afterEach(() => {
  jest.restoreAllMocks()
})

afterAll(() => idp.stop())

async function loggedIn(...people: readonly string[]): Promise<SsoHost> {
  const host = loginHost(idp)
  for (const account of people) {
    idp.accounts[account] ??= { preferred_username: account, aws_role_arn: [analyst] }
    expect((await deviceLogin(idp, host, [], { account })).exitCode).toBe(0)
  }
  idp.requests.length = 0
  return host
}

const refresh = (host: SsoHost, ...argv: readonly string[]) => host.runJson(['sso', 'refresh', ...argv])
const kept = (host: SsoHost): { sealed: string; claimed_by: string | null }[] =>
  sqlite(host.store, 'SELECT * FROM kept_tokens ORDER BY user_id')
const lastRefreshToken = () => idp.issued.at(-1)?.refreshToken ?? 'none was issued'
const spent = () => idp.requests.filter((path) => path === '/token').length
const SUCCESSOR_KEPT = /\nof the roles nothing was changed; the new refresh token is kept$/
const SUCCESSOR_LOST =
  /\nof the roles nothing was changed; the new refresh token is not kept, as what was kept was changed meanwhile$/

describe('sso refresh', () => {
  test('spends the refresh token, applies what comes of it, and keeps its successor', async () => {
    const host = await loggedIn('alice')
    const [before] = kept(host)
    idp.accounts.alice = { preferred_username: 'alice', aws_role_arn: [scientist], aws_role_session_name: 'alice@y' }
    const { json, exitCode, stderr } = await refresh(host, 'alice')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(json).toEqual({
      username: 'alice',
      outcome: 'overridden',
      source: 'sso',
      roleArns: [scientist],
      roleSessionName: 'alice@y',
      previous: { source: 'sso', roleArns: [analyst] },
      refreshToken: 'kept',
      idTokenExpiresAt: expect.stringMatching(/Z$/),
      sessionsUpdated: 0,
    })
    expect((await host.events())[0]).toMatchObject({
      action: 'sso-login',
      details: { grant: 'refresh', outcome: 'overridden' },
    })
    expect((await host.run(['audit', 'log', '--limit', '1'])).stdout).toContain('overridden, by refresh')
    const [after] = kept(host)
    expect(after?.sealed).not.toBe(before?.sealed)
    expect(after?.claimed_by).toBe(null)
    // The provider ends the whole login where a token is spent twice.
    expect((await refresh(host, 'alice')).exitCode).toBe(0)
  })

  test('is no login of that person for those who ask who still comes', async () => {
    const host = await loggedIn('alice')
    const login = '2026-01-01T00:00:00Z'
    sqlite(host.store, `UPDATE users SET last_sso_login = '${login}'`)
    expect((await refresh(host, 'alice')).exitCode).toBe(0)
    expect((await host.runJson(['audit', 'never-used', '--since', '1d'])).json).toMatchObject([
      { username: 'alice', last_sso_login: login },
    ])
    expect((await host.run(['audit', 'verify', '--state'])).exitCode).toBe(0)
  })

  test('uses the same refresh token again where the provider does not rotate', async () => {
    idp.behaviour.rotates = false
    const host = await loggedIn('alice')
    for (const _ of [1, 2]) expect((await refresh(host, 'alice')).exitCode).toBe(0)
  })

  test('takes the roles away where the claim is gone', async () => {
    const host = await loggedIn('alice')
    idp.accounts.alice = { preferred_username: 'alice' }
    expect((await refresh(host, 'alice')).json).toMatchObject({ outcome: 'cleared', roleArns: [] })
  })

  test('verifies with keys that the provider made since the login', async () => {
    const host = await loggedIn('alice')
    await idp.rotate()
    expect(await refresh(host, 'alice')).toMatchObject({ exitCode: 0, json: { outcome: 'unchanged' } })
  })

  test('says of a revoked refresh token that its person must log in again, once, and forgets it', async () => {
    const host = await loggedIn('alice')
    await idp.revoke(lastRefreshToken())
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code]).toEqual([6, 'DENIED_REFRESH_TOKEN'])
    expect(json.error.message).toMatch(/^the login of "alice" has ended: the identity provider does not take/)
    expect(json.error.suggestions).toEqual(['admin sso login --username alice'])
    expect(JSON.stringify(json)).not.toContain(lastRefreshToken())
    expect(kept(host)).toEqual([])
    const [event] = await host.events()
    expect(event).toMatchObject({
      action: 'sso-refused',
      username: 'alice',
      details: { code: 'DENIED_REFRESH_TOKEN', grant: 'refresh', refreshToken: 'forgotten' },
    })
    expect((await host.runJson(['get-aws-role-arns', 'alice'])).json.roleArns).toEqual([analyst])
    expect(await refresh(host, 'alice')).toMatchObject({ exitCode: 4, json: { error: { code: 'NOT_FOUND_LOGIN' } } })
  })

  test('keeps everything while the provider is down', async () => {
    const host = await loggedIn('alice')
    const before = kept(host)
    await idp.stop()
    try {
      expect(await refresh(host, 'alice')).toMatchObject({
        exitCode: 7,
        json: { error: { code: 'UNAVAILABLE_ISSUER' } },
      })
    } finally {
      await idp.start()
    }
    idp.behaviour.outage = { status: 503, body: { error: 'temporarily_unavailable' } }
    expect(await refresh(host, 'alice')).toMatchObject({ exitCode: 7, json: { error: { code: 'UNAVAILABLE_ISSUER' } } })
    expect(kept(host)).toEqual(before)
  })

  test('says where no ID token came, that sessions cannot be renewed, and keeps the new refresh token', async () => {
    const host = await loggedIn('alice')
    idp.behaviour.refreshesIdToken = false
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code]).toEqual([9, 'TOKEN_MISSING'])
    expect(json.error.message).toContain('the sessions that use the last one cannot be renewed')
    expect(json.error.message).toMatch(SUCCESSOR_KEPT)
    idp.behaviour.refreshesIdToken = true
    expect((await refresh(host, 'alice')).exitCode).toBe(0)
  })

  test.each([
    ['has malformed claims', { preferred_username: 'alice', aws_role_arn: 7 }, 'TOKEN_CLAIMS'],
    ['is for another name', { preferred_username: 'mallory', aws_role_arn: engineer }, 'TOKEN_USERNAME'],
  ])('refuses a token that %s, and keeps the new refresh token', async (_, claims, code) => {
    const host = await loggedIn('alice')
    idp.accounts.alice = claims
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code]).toEqual([9, code])
    expect(json.error.message).toMatch(SUCCESSOR_KEPT)
    expect((await host.events())[0]).toMatchObject({ action: 'sso-refused', details: { code, grant: 'refresh' } })
    idp.accounts.alice = { preferred_username: 'alice', aws_role_arn: [analyst] }
    expect((await refresh(host, 'alice')).exitCode).toBe(0)
  })

  test('refuses a token of another subject under the same name', async () => {
    idp.behaviour.rotates = false
    const host = await loggedIn('alice')
    const token = await idp.sign({ sub: 'mallory', aws_role_arn: [engineer] })
    idp.behaviour.outage = { status: 200, body: { access_token: 'x', token_type: 'Bearer', id_token: token } }
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code]).toEqual([9, 'TOKEN_SUBJECT'])
    expect(json.error.message).toContain('for the subject "mallory", expected "alice"')
    expect(json.error.message).toMatch(/\nnothing was changed$/)
  })

  test('names the clock that is off', async () => {
    const host = await loggedIn('alice')
    const now = Date.now.bind(Date)
    jest.spyOn(Date, 'now').mockImplementation(() => now() + 20 * 60_000)
    idp.behaviour.idTokenSeconds = 7200
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code]).toEqual([9, 'TOKEN_NOT_YET_VALID'])
    expect(json.error.message).toContain('20 min behind that of the identity provider')
  })

  test('spends no token twice where several ask at once', async () => {
    const host = await loggedIn('alice')
    const runs = await Promise.all([1, 2, 3].map(() => refresh(host, 'alice')))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
    expect((await refresh(host, 'alice')).exitCode).toBe(0)
  })

  test('finishes what it began where it is told to end', async () => {
    const host = await loggedIn('alice')
    const child = startAdmin(['sso', 'refresh', 'alice', '--json'], { env: host.env })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    while (spent() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect((await refresh(host, 'alice')).exitCode).toBe(0)
  })
})

describe('roles that are taken away while the provider answers', () => {
  test.each([['alice'], ['--all']])('stay away, and the tokens stay kept: sso refresh %s', async (argument) => {
    const host = await loggedIn('alice')
    idp.behaviour.meanwhile = () => host.run(['unset-aws-role-arns', 'alice'])
    const { json, exitCode, stderr } = await refresh(host, argument)
    expect(exitCode).toBe(0)
    expect(argument === '--all' ? json.people[0] : json).toMatchObject({
      outcome: 'unchanged',
      roleArns: [],
      sessionsUpdated: 0,
    })
    expect(stderr).toContain('"alice" has no roles any more, and a refresh gives none back')
    expect((await host.runJson(['get-aws-role-arns', 'alice'])).json.roleArns).toEqual([])
    expect((await host.events())[0]).toMatchObject({ action: 'sso-login', details: { rolesWithheld: true } })
    expect((await host.run(['audit', 'verify', '--state'])).exitCode).toBe(0)
    idp.behaviour.meanwhile = null
    expect((await refresh(host, 'alice')).json.roleArns).toEqual([analyst])
  })
})

describe('tokens of somebody whose name is given to another', () => {
  const newcomer = () => idp.sign({ sub: 'another-alice', preferred_username: 'alice', aws_role_arn: [scientist] })

  test('are forgotten when the other logs in', async () => {
    const host = await loggedIn('alice')
    expect((await host.apply(await newcomer())).exitCode).toBe(0)
    expect(kept(host)).toEqual([])
  })

  test.each([['alice'], ['--all']])('are refused and forgotten where they are still there: %s', async (argument) => {
    const host = await loggedIn('alice')
    sqlite(host.store, "UPDATE users SET subject = 'another-alice'")
    const { json } = await refresh(host, argument)
    const error = argument === '--all' ? json.people[0].error : json.error
    expect(error.code).toBe('TOKEN_SUBJECT')
    expect(error.message).toContain('are those of the subject "alice", and "another-alice" has logged in')
    expect(error.message).toMatch(/\nof the roles nothing was changed; these tokens were forgotten$/)
    expect([kept(host), spent()]).toEqual([[], 0])
    expect((await host.events())[0]).toMatchObject({ action: 'sso-refused', details: { code: 'TOKEN_SUBJECT' } })
  })

  test('bring nothing where the other logs in while the provider answers', async () => {
    const host = await loggedIn('alice')
    const token = await newcomer()
    idp.behaviour.meanwhile = () => host.apply(token)
    expect(await refresh(host, 'alice')).toMatchObject({
      exitCode: 9,
      json: { error: { code: 'TOKEN_SUBJECT', message: expect.stringMatching(SUCCESSOR_LOST) } },
    })
    expect((await host.runJson(['get-aws-role-arns', 'alice'])).json.roleArns).toEqual([scientist])
    expect(kept(host)).toEqual([])
  })
})

describe('sso refresh answered in another way', () => {
  test.each(['error', 'error_description'])('repeats no secret that is in %s', async (field) => {
    const host = await loggedIn('alice')
    const secrets = `${lastRefreshToken()} and ${CLIENT_SECRET}`
    idp.behaviour.outage = { status: 400, body: { error: 'odd', [field]: `odd ${secrets}` } }
    const { json, stderr, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code]).toEqual([6, 'DENIED_CLIENT'])
    for (const secret of secrets.split(' and ')) expect(JSON.stringify(json) + stderr).not.toContain(secret)
  })

  test.each([
    [429, 'too_many_requests', 7, 'UNAVAILABLE_ISSUER', 3],
    [400, 'slow_down', 7, 'UNAVAILABLE_ISSUER', 3],
    [400, 'interaction_required', 6, 'DENIED_LOGIN', 1],
    [400, 'login_required', 6, 'DENIED_LOGIN', 1],
  ])('says of %i %s what follows', async (status, error, exit, code, times) => {
    const host = await loggedIn('alice')
    idp.behaviour.outage = { status, body: { error } }
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code, spent()]).toEqual([exit, code, times])
    const next = code === 'DENIED_LOGIN' ? 'admin sso login --username alice' : 'admin sso check'
    expect(json.error.suggestions).toEqual([next])
    expect(kept(host)).toHaveLength(1)
  })

  test.each([[{ id_token: null }], [{ id_token: undefined, expires_in: null }], [{ id_token: 7, access_token: 7 }]])(
    'keeps the refresh token of an answer that is malformed otherwise: %j',
    async (fault) => {
      const host = await loggedIn('alice')
      idp.behaviour.spoil = fault
      const { json, exitCode } = await refresh(host, 'alice')
      expect([exitCode, json.error.code]).toEqual([9, 'TOKEN_MISSING'])
      idp.behaviour.spoil = {}
      expect((await refresh(host, 'alice')).exitCode).toBe(0)
    },
  )
})

describe('sso refresh with a key that does not fit', () => {
  async function refused(spoil: (host: SsoHost) => void, words: string) {
    const host = await loggedIn('alice')
    spoil(host)
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code]).toEqual([6, 'DENIED_VAULT_KEY'])
    expect(json.error.message).toContain(words)
    expect(json.error.suggestions).toEqual(['admin sso login --username alice'])
    expect(spent()).toBe(0)
    return host
  }

  test('says that it is lost, and goes on after a new login', async () => {
    const host = await refused(({ vaultKey }) => rmSync(vaultKey), 'is not there')
    expect((await deviceLogin(idp, host)).exitCode).toBe(0)
    expect((await refresh(host, 'alice')).exitCode).toBe(0)
  })

  test('says that it is another one', async () => {
    await refused(
      ({ vaultKey }) => writeFileSync(vaultKey, `${'A'.repeat(43)}\n`),
      'is not the key that they were sealed with',
    )
  })

  test('does not open what was moved to another person or changed', async () => {
    const host = await loggedIn('alice', 'bob')
    const [alice, bob] = kept(host)
    sqlite(host.store, `UPDATE kept_tokens SET sealed = '${bob?.sealed}' WHERE sealed = '${alice?.sealed}'`)
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.message]).toEqual([6, expect.stringContaining('they are not as they were written')])
  })

  test('does not use what is kept for another client', async () => {
    const host = await loggedIn('alice')
    const { ADMIN_CONFIG: config = '' } = host.env
    writeFileSync(config, readFileSync(config, 'utf8').replace('"workbench"', '"another"'))
    const { json, exitCode } = await refresh(host, 'alice')
    expect([exitCode, json.error.code]).toEqual([4, 'NOT_FOUND_LOGIN'])
    expect(json.error.message).toContain('those of the client "workbench" at "http://127.0.0.1')
  })
})

describe('sso refresh --all', () => {
  test('renews all who are due, lists who failed, and counts who was left alone', async () => {
    const host = loginHost(idp)
    const people = ['alice', 'bob', 'carol', 'dave']
    for (const account of people) {
      idp.accounts[account] = { preferred_username: account, aws_role_arn: [analyst] }
      idp.behaviour.idTokenSeconds = account === 'dave' ? 7200 : 300
      await deviceLogin(idp, host, [], { account })
      if (account === 'bob') await idp.revoke(lastRefreshToken())
    }
    await host.run(['unset-aws-role-arns', 'carol'])
    idp.behaviour.idTokenSeconds = 3600
    const first = await refresh(host, '--all', '--due', '10m')
    expect(first.exitCode).toBe(8)
    expect(first.json).toEqual({
      refreshed: 1,
      failed: 1,
      skipped: { notDue: 1, withoutAssignment: 1, withoutRefreshToken: 0, refreshedElsewhere: 0, interrupted: 0 },
      people: expect.arrayContaining([
        expect.objectContaining({ username: 'alice', outcome: 'unchanged', refreshToken: 'kept' }),
        {
          username: 'bob',
          error: expect.objectContaining({
            code: 'DENIED_REFRESH_TOKEN',
            suggestions: ['admin sso login --username bob'],
          }),
        },
      ]),
    })
    const second = await host.run(['sso', 'refresh', '--all', '--due', '10m'])
    expect(second).toMatchObject({ exitCode: 0, stdout: '0 refreshed, 0 failed, 2 not due, 1 without roles\n' })
  })

  test('ends at once, with nothing tried, where the provider cannot be found', async () => {
    const host = await loggedIn('alice')
    await idp.stop()
    try {
      expect(await refresh(host, '--all')).toMatchObject({
        exitCode: 7,
        json: { error: { code: 'UNAVAILABLE_ISSUER' } },
      })
    } finally {
      await idp.start()
    }
  })

  test('asks nobody where nobody has logged in', async () => {
    const host = loginHost(idp)
    const { json, exitCode } = await refresh(host, '--all')
    expect([exitCode, json.people, idp.requests]).toEqual([0, [], []])
  })

  test('spends no token twice where two timers come at once', async () => {
    const people = ['alice', 'bob', 'carol']
    const host = await loggedIn(...people)
    const runs = await Promise.all([1, 2].map(() => refresh(host, '--all')))
    expect(runs.map(({ exitCode, json }) => [exitCode, json.failed])).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect((await refresh(host, '--all')).json).toMatchObject({ refreshed: 3, failed: 0 })
  })

  test.each([[['alice', '--all']], [[]], [['alice', '--due', '10m']]])(
    'is refused beside a name, and nobody at all is refused too: %j',
    async (argv) => {
      const { exitCode } = await refresh(loginHost(idp), ...argv)
      expect(exitCode).toBe(2)
    },
  )
})

describe('an example of the help', () => {
  const { commands } = JSON.parse(readFileSync(join(projectRoot, 'oclif.manifest.json'), 'utf8'))
  const examples: readonly string[] = commands['sso:refresh'].examples

  test.each(examples)('works as pasted: %s', async (example) => {
    const host = await loggedIn('alice')
    expect((await host.run(example.split(' ').slice(example.split(' ').indexOf('sso')))).exitCode).toBe(0)
  })
})
