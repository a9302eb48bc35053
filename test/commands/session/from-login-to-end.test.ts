import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { adminJson, startAdmin } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { deviceLogin } from '../../support/device-login.ts'
import { person, sessionLab } from '../../support/session-host.ts'

const ACTION = 'AssumeRoleWithWebIdentity'
const lab = sessionLab()

beforeEach(() => {
  lab.provider.accounts[person] = claimsOf(analyst)
  lab.provider.behaviour.idTokenSeconds = 3600
})

describe('a session', () => {
  test('goes from a login on a device over a token file and credentials to a refresh, and ends with the assignment', async () => {
    const host = lab.host()
    expect(await deviceLogin(lab.provider, host, [], { account: person, env: host.env })).toMatchObject({ exitCode: 0 })
    const begun = await host.runJson(['session', 'env', person])
    const { tokenFile } = begun.json
    const first = readFileSync(tokenFile, 'utf8')
    expect(begun.json).toMatchObject({ roleArn: analyst, roleSessionName: 'A.Person' })

    const { json: credentials } = await host.runJson(['session', 'credentials', person])
    expect(credentials).toMatchObject({ Version: 1, AccessKeyId: expect.stringMatching(/^ASIA/) })
    expect(lab.aws.requests.map(({ parameters }) => parameters.get('WebIdentityToken'))).toEqual([first])

    // Of the same second, it would be the same token.
    lab.provider.behaviour.idTokenSeconds = 7200
    const refreshed = await host.runJson(['sso', 'refresh', person])
    expect(refreshed).toMatchObject({ exitCode: 0, json: { sessionsUpdated: 1 } })
    const second = readFileSync(tokenFile, 'utf8')
    expect({ isNew: second !== first, parts: second.split('.').length }).toEqual({ isNew: true, parts: 3 })
    expect(JSON.parse(Buffer.from(second.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      iss: lab.provider.issuer,
      preferred_username: person,
    })

    expect((await host.run(['unset-aws-role-arns', person])).exitCode).toBe(0)
    expect(host.files()).toEqual([])
    expect(await host.runJson(['session', 'credentials', person])).toMatchObject({
      exitCode: 4,
      json: { error: { code: 'NOT_FOUND_ASSIGNMENT' } },
    })
    expect(lab.aws.actions).toEqual([ACTION])
  })

  test('that uses a role which a refresh takes away ends with it', async () => {
    const host = lab.host()
    lab.provider.accounts[person] = claimsOf(analyst, engineer)
    await deviceLogin(lab.provider, host, [], { account: person, env: host.env })
    await host.runJson(['session', 'env', person, '--role', analyst])
    await host.runJson(['session', 'env', person, '--role', engineer])
    lab.provider.accounts[person] = claimsOf(engineer, scientist)
    const refreshed = await host.runJson(['sso', 'refresh', person])
    expect(refreshed).toMatchObject({ exitCode: 0, json: { sessionsUpdated: 1 } })
    expect(refreshed.stderr).toContain(`ended the session of "${person}" with ${analyst}`)
    const { json } = await host.runJson(['session', 'list'])
    expect(json.map(({ role_arn: arn }: { role_arn: string }) => arn)).toEqual([engineer])
  })

  test('whose role was taken away by another host ends here by the timer', async () => {
    const host = lab.host()
    await deviceLogin(lab.provider, host, [], { account: person, env: host.env })
    await host.runJson(['session', 'env', person])
    const elsewhere = { ADMIN_SESSION_DIRECTORY: '/nonexistent/sessions', ADMIN_CACHE_DIRECTORY: '/nonexistent/cache' }
    await host.run(['unset-aws-role-arns', person], { env: elsewhere })
    expect(host.files()).toHaveLength(2)
    const { exitCode, stderr } = await host.run(['sso', 'refresh', '--all', '--due', '10m'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('ended the session of') })
    expect(host.files()).toEqual([])
  })

  test('whose role was taken away by another host ends here also where the client secret is missing', async () => {
    const host = lab.host()
    for (const account of [person, 'somebody']) {
      lab.provider.accounts[account] = { ...claimsOf(analyst), preferred_username: account }
      await deviceLogin(lab.provider, host, [], { account, env: host.env })
    }
    await host.runJson(['session', 'env', person])
    const elsewhere = { ADMIN_SESSION_DIRECTORY: '/nonexistent/sessions', ADMIN_CACHE_DIRECTORY: '/nonexistent/cache' }
    await host.run(['unset-aws-role-arns', person], { env: elsewhere })
    rmSync(join(host.directory, 'client-secret'))
    const { exitCode, stderr } = await host.run(['sso', 'refresh', '--all'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: expect.stringContaining('ended the session of') })
    expect(host.files()).toEqual([])
  })

  test.each(['credentials', 'env'])(
    'is given nothing by %s where its role is taken away while a new token comes',
    async (command) => {
      const host = lab.host()
      const { behaviour } = lab.provider
      behaviour.idTokenSeconds = 5
      await deviceLogin(lab.provider, host, [], { account: person, env: host.env })
      behaviour.idTokenSeconds = 300
      // Until the one that is kept has to be renewed.
      await sleep(5000)
      behaviour.meanwhile = () => host.run(['unset-aws-role-arns', person])
      const { stdout, json, exitCode } = await host.runJson(['session', command, person])
      behaviour.meanwhile = null
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_ASSIGNMENT' })
      expect(stdout).not.toContain('SecretAccessKey')
      expect(lab.aws.actions).toEqual([])
      expect((await host.runJson(['get-aws-role-arns', person])).json.roleArns).toEqual([])
    },
  )

  test('ends where its name is given to another, who gets nothing of what was kept', async () => {
    const host = lab.host()
    await deviceLogin(lab.provider, host, [], { account: person, env: host.env })
    await host.runJson(['session', 'env', person])
    await host.runJson(['session', 'credentials', person])
    const token = await lab.provider.sign({ sub: 'another', preferred_username: person, aws_role_arn: [analyst] })
    const { stderr, exitCode } = await host.apply(token)
    expect({ exitCode, files: host.files() }).toEqual({ exitCode: 0, files: [] })
    expect(stderr).toContain(`ended the session of "${person}" with ${analyst}`)
    expect(await host.runJson(['session', 'credentials', person])).toMatchObject({
      exitCode: 4,
      json: { error: { code: 'NOT_FOUND_LOGIN' } },
    })
  })

  test('of somebody who has not logged in here says how they can', async () => {
    const host = lab.host()
    await host.run(['set-aws-role-arns', person, analyst])
    const { json, exitCode } = await host.runJson(['session', 'env', person])
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_LOGIN' })
    expect(json.error.suggestions.join('\n')).toContain(`admin sso login --username ${person}`)
    expect(await host.runJson(['session', 'credentials', person])).toMatchObject({ exitCode: 4 })
  })

  test('has its token in no output, no event and no argument', async () => {
    const host = lab.host()
    await deviceLogin(lab.provider, host, [], { account: person, env: host.env })
    const outputs = [
      await host.run(['session', 'env', person]),
      await host.run(['session', 'list']),
      await host.run(['audit', 'log', '--format', 'jsonl']),
      await host.run(['session', 'end', person]),
    ]
    const printed = outputs.map(({ stdout, stderr }) => stdout + stderr).join('')
    expect(printed).toContain(analyst)
    expect(printed).not.toMatch(/eyJ[\w-]{20}/)
  })
})

describe('credentials of a session', () => {
  test('are what an SDK gets by credential_process', async () => {
    const host = lab.host()
    await deviceLogin(lab.provider, host, [], { account: person, env: host.env })
    const child = startAdmin(['session', 'credentials', person], { env: host.env })
    child.stdin?.end()
    const [line = ''] = await Promise.all([
      new Promise<string>((resolve) => child.stdout?.once('data', (chunk: Buffer) => resolve(String(chunk)))),
      new Promise((resolve) => child.once('close', resolve)),
    ])
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration, Version } = JSON.parse(line)
    expect(Version).toBe(1)
    expect(Date.parse(Expiration)).toBeGreaterThan(Date.now() + 600_000)
    const env = { ...lab.env, AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey }
    const spec = ['provision', 'oidc-provider', '--issuer', 'https://sso.example.com', '--client-id', 'x', '--dry-run']
    const seen = await adminJson(spec, { env: { ...env, AWS_SESSION_TOKEN: SessionToken } })
    expect(seen.json.accounts[0].callerArn).toContain(':assumed-role/analyst/A.Person')
  })
})

function claimsOf(...roleArns: readonly string[]) {
  return { preferred_username: person, aws_role_arn: roleArns, aws_role_session_name: 'A.Person' }
}
