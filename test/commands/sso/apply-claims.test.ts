import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { sqlite } from '../../support/sqlite.ts'
import { ssoHost } from '../../support/sso-host.ts'

let idp: IdentityProvider

beforeAll(async () => {
  idp = await startIdentityProvider({
    accounts: {
      alice: {
        preferred_username: 'alice',
        aws_role_arn: [analyst, scientist],
        aws_role_session_name: 'alice@corp.example',
      },
    },
  })
})

afterAll(() => idp.stop())

const sso = (roleArns: readonly string[]) => ({ source: 'sso', roleArns })

describe('sso apply-claims', () => {
  test('takes the roles of a real login', async () => {
    const host = ssoHost(idp.issuer)
    const { json, exitCode } = await host.apply(await idp.login('alice'), 'alice')
    expect(exitCode).toBe(0)
    expect(json).toEqual({
      username: 'alice',
      outcome: 'overridden',
      source: 'sso',
      roleArns: [analyst, scientist],
      roleSessionName: 'alice@corp.example',
      previous: null,
    })
    const { json: user } = await host.runJson(['get-aws-role-arns', 'alice'])
    expect(user).toMatchObject({
      source: 'sso',
      roleArns: [analyst, scientist],
      subject: 'alice',
      roleSessionName: 'alice@corp.example',
    })
  })

  test('replaces roles that were set by hand, always, and says what they were', async () => {
    const host = ssoHost(idp.issuer)
    await host.run(['set-aws-role-arns', 'alice', engineer])
    const { json } = await host.apply(await idp.sign({ aws_role_arn: analyst }))
    expect(json).toMatchObject({
      outcome: 'overridden',
      ...sso([analyst]),
      previous: { source: 'cli', roleArns: [engineer] },
    })
    const [event] = await host.events()
    expect(event).toMatchObject({
      action: 'sso-login',
      username: 'alice',
      before: { source: 'cli', roleArns: [engineer] },
      after: { source: 'sso', roleArns: [analyst] },
      details: {
        outcome: 'overridden',
        subject: 'subject-of-alice',
        roleSessionName: null,
        tokenIssuedAt: expect.any(String),
      },
    })
  })

  test('overrides roles by hand that are the very same: from now on single sign-on governs', async () => {
    const host = ssoHost(idp.issuer)
    await host.run(['set-aws-role-arns', 'alice', analyst])
    expect((await host.apply(await idp.sign({ aws_role_arn: [analyst] }))).json).toMatchObject({
      outcome: 'overridden',
      source: 'sso',
    })
    expect(await host.run(['set-aws-role-arns', 'alice', engineer])).toMatchObject({ exitCode: 3 })
  })

  test('leaves an event also for a login that changes nothing', async () => {
    const host = ssoHost(idp.issuer)
    const token = await idp.sign({ aws_role_arn: analyst })
    await host.apply(token)
    const { json } = await host.apply(token)
    expect(json).toMatchObject({ outcome: 'unchanged', ...sso([analyst]), previous: sso([analyst]) })
    const events = await host.events()
    expect(events.map(({ action, details }) => [action, details?.outcome])).toEqual([
      ['sso-login', 'unchanged'],
      ['sso-login', 'overridden'],
    ])
    expect(events[0]?.before).toEqual(events[0]?.after)
  })

  test('takes an empty list for a person without roles', async () => {
    const host = ssoHost(idp.issuer)
    expect((await host.apply(await idp.sign({ aws_role_arn: [] }))).json).toMatchObject({
      outcome: 'overridden',
      ...sso([]),
    })
  })

  test('removes what single sign-on does not assert any more', async () => {
    const host = ssoHost(idp.issuer)
    await host.apply(await idp.sign({ aws_role_arn: analyst }))
    const { json } = await host.apply(await idp.sign())
    expect(json).toEqual({
      username: 'alice',
      outcome: 'cleared',
      source: null,
      roleArns: [],
      roleSessionName: null,
      previous: sso([analyst]),
    })
  })

  test('keeps roles that were set by hand where the token has no claim', async () => {
    const host = ssoHost(idp.issuer)
    await host.run(['set-aws-role-arns', 'alice', engineer])
    const { json } = await host.apply(await idp.sign())
    const cli = { source: 'cli', roleArns: [engineer] }
    expect(json).toMatchObject({ outcome: 'not-asserted', ...cli, previous: cli })
  })

  test('ends an assignment whose time has run out before it looks at the token', async () => {
    const host = ssoHost(idp.issuer)
    await host.run(['set-aws-role-arns', 'alice', engineer, '--expires', '1m'])
    sqlite(host.store, "UPDATE assignments SET expires_at = '2020-01-01T00:00:00Z'")
    const { json } = await host.apply(await idp.sign())
    expect(json).toMatchObject({ outcome: 'not-asserted', source: null, previous: null })
    expect((await host.events()).map(({ action }) => action)).toEqual(['sso-login', 'expire', 'set'])
  })

  test('reads the claims that the configuration names, dots and slashes included', async () => {
    const claims = { usernameClaim: 'https://corp.example/login', roleArnClaim: 'https://corp.example/aws.roles' }
    const host = ssoHost(idp.issuer, claims)
    const token = await idp.sign({
      [claims.usernameClaim]: 'jose\u0301',
      [claims.roleArnClaim]: `${analyst}, ${engineer}`,
    })
    expect((await host.apply(token, 'jos\u00e9')).json).toMatchObject({
      username: 'jos\u00e9',
      roleArns: [analyst, engineer],
    })
  })

  test('takes a token by ES256', async () => {
    const [, es256] = idp.keys()
    const { json } = await ssoHost(idp.issuer).apply(await idp.sign({ aws_role_arn: analyst }, {}, es256))
    expect(json).toMatchObject({ outcome: 'overridden' })
  })

  test('takes a token for several audiences that names this client as its party', async () => {
    const token = await idp.sign({ aud: ['api', 'workbench'], azp: 'workbench' })
    expect((await ssoHost(idp.issuer).apply(token)).exitCode).toBe(0)
  })

  test('tolerates clocks that differ by less than a minute', async () => {
    const now = Math.floor(Date.now() / 1000)
    const host = ssoHost(idp.issuer)
    expect((await host.apply(await idp.sign({ exp: now - 10, iat: now - 600 }))).exitCode).toBe(0)
    expect((await host.apply(await idp.sign({ nbf: now + 30, iat: now + 30 }))).exitCode).toBe(0)
  })

  test('reads the token from stdin, and prints in words what the login did', async () => {
    const host = ssoHost(idp.issuer)
    await host.run(['set-aws-role-arns', 'alice', engineer])
    const token = await idp.sign({ aws_role_arn: [analyst], aws_role_session_name: 'alice' })
    const run = await host.run(['sso', 'apply-claims', 'alice', '--id-token-file', '-'], { stdin: `${token}\r\n` })
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: `alice now has 1 AWS role from single sign-on, in place of those set by hand\n  + ${analyst}\n  - ${engineer}\n  session name: alice\n`,
    })
  })

  test('does not take a token from stdin for a user name', async () => {
    const host = ssoHost(idp.issuer)
    const stdin = await idp.sign({ aws_role_arn: analyst })
    const { json } = await host.runJson(['sso', 'apply-claims', '--id-token-file', '-'], { stdin })
    expect(json).toMatchObject({ username: 'alice', outcome: 'overridden' })
  })

  test('writes nothing in a dry run, which needs no store', async () => {
    const host = ssoHost(idp.issuer)
    const token = await idp.sign({ aws_role_arn: analyst })
    expect((await host.apply(token, '--dry-run')).json).toMatchObject({ outcome: 'overridden' })
    const refused = await host.apply(await idp.sign({ aws_role_arn: null }), '--dry-run')
    expect(refused).toMatchObject({ exitCode: 9, json: { error: { code: 'TOKEN_CLAIMS' } } })
    expect(existsSync(host.store)).toBe(false)
  })

  test('warns about another subject under a known name, and applies the login', async () => {
    const host = ssoHost(idp.issuer)
    await host.apply(await idp.sign({ sub: 'one' }))
    const { stderr, exitCode } = await host.apply(await idp.sign({ sub: 'two', aws_role_arn: analyst }))
    expect(exitCode).toBe(0)
    expect(stderr).toContain('"alice" has logged in as subject "two", before it was "one"')
    const [event] = await host.events()
    expect(event?.details).toMatchObject({ subject: 'two', subjectChangedFrom: 'one' })
  })

  test('warns about a role that the claim names twice', async () => {
    const { json, stderr } = await ssoHost(idp.issuer).apply(await idp.sign({ aws_role_arn: [analyst, analyst] }))
    expect(json.roleArns).toEqual([analyst])
    expect(stderr).toContain(`${analyst} is in the claim more than once`)
  })

  test('says which file lacks the section sso:, and what makes one', async () => {
    const host = ssoHost(idp.issuer)
    const config = join(host.directory, 'empty.yaml')
    writeFileSync(config, '')
    const command = ['sso', 'apply-claims', '--id-token-file', '-', '--config', config]
    const { json, exitCode } = await host.runJson(command)
    expect(exitCode).toBe(2)
    expect(json.error).toMatchObject({ code: 'INVALID_CONFIG', suggestions: ['admin config from-workbench'] })
    expect(json.error.message).toContain(`there is no section sso: in ${config}`)
  })

  test('refuses an http: issuer without allowInsecureLoopback', async () => {
    const host = ssoHost(idp.issuer, { allowInsecureLoopback: false })
    const { json, exitCode } = await host.apply(await idp.sign())
    expect(exitCode).toBe(2)
    expect(json.error).toMatchObject({ code: 'INVALID_ISSUER' })
    expect(json.error.message).toContain('http: is refused')
    expect((await ssoHost('http://sso.example.com').apply(await idp.sign())).json.error.message).toContain(
      'must begin with https://',
    )
  })

  test('tells a file that is not there from one that may not be read', async () => {
    const host = ssoHost(idp.issuer)
    const missing = await host.runJson(['sso', 'apply-claims', '--id-token-file', `${host.directory}/none`])
    expect(missing).toMatchObject({ exitCode: 4, json: { error: { code: 'NOT_FOUND_FILE' } } })
    const directory = await host.runJson(['sso', 'apply-claims', '--id-token-file', host.directory])
    expect(directory).toMatchObject({ exitCode: 4, json: { error: { code: 'NOT_FOUND_FILE' } } })
  })
})
