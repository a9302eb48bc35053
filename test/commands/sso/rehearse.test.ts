import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { type SsoHost, ssoHost } from '../../support/sso-host.ts'

const ISSUER = 'https://sso.example.com'

const directory = temporaryDirectory()

const lines = (...claims: readonly unknown[]) => claims.map((claim) => `${JSON.stringify(claim)}\n`).join('')

const rehearse = (host: SsoHost, stdin: string) => host.runJson(['sso', 'rehearse', '--claims', '-'], { stdin })

describe('sso rehearse', () => {
  test('answers as apply-claims would, and writes nothing', async () => {
    const host = ssoHost(ISSUER)
    await host.run(['set-aws-role-arns', 'alice', engineer])
    const before = readFileSync(host.store)
    const claims = { preferred_username: 'alice', aws_role_arn: [analyst], aws_role_session_name: 'alice' }
    const { json, exitCode, stderr } = await rehearse(host, JSON.stringify(claims, null, 2))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(json).toEqual({
      username: 'alice',
      outcome: 'overridden',
      source: 'sso',
      roleArns: [analyst],
      roleSessionName: 'alice',
      previous: { source: 'cli', roleArns: [engineer] },
    })
    expect(readFileSync(host.store).equals(before)).toBe(true)
    expect((await host.events()).map(({ action }) => action)).toEqual(['set'])
  })

  test('needs neither a section sso: nor a store', async () => {
    const host = ssoHost(ISSUER)
    const config = join(host.directory, 'empty.yaml')
    writeFileSync(config, '')
    const stdin = lines({ preferred_username: 'alice', aws_role_arn: analyst })
    const { json, exitCode } = await host.runJson(['sso', 'rehearse', '--claims', '-', '--config', config], { stdin })
    expect(exitCode).toBe(0)
    expect(json).toMatchObject({ outcome: 'overridden', previous: null })
    expect(existsSync(host.store)).toBe(false)
  })

  test('says in words what would happen', async () => {
    const host = ssoHost(ISSUER)
    await host.run(['set-aws-role-arns', 'alice', engineer])
    const run = (claims: object) => host.run(['sso', 'rehearse', '--claims', '-'], { stdin: lines(claims) })
    const would = await run({ preferred_username: 'alice', aws_role_arn: [analyst] })
    expect(would.stdout).toBe(
      `alice would have 1 AWS role from single sign-on, in place of those set by hand\n  + ${analyst}\n  - ${engineer}\n`,
    )
    const keep = await run({ preferred_username: 'alice' })
    expect(keep.stdout).toBe(`alice would keep 1 AWS role: single sign-on says nothing of roles\n  = ${engineer}\n`)
  })

  test('ends with exit 9 for claims that a login would be refused for', async () => {
    const host = ssoHost(ISSUER)
    const refused = await rehearse(host, lines({ preferred_username: 'alice', aws_role_arn: null }))
    expect(refused).toMatchObject({ exitCode: 9, json: { error: { code: 'TOKEN_CLAIMS' } } })
    expect(await rehearse(host, lines({ sub: 'x' }))).toMatchObject({
      exitCode: 9,
      json: { error: { code: 'TOKEN_USERNAME' } },
    })
    const badTime = await rehearse(host, lines({ preferred_username: 'alice', iat: 'now' }))
    expect(badTime).toMatchObject({ exitCode: 9, json: { error: { code: 'TOKEN_MALFORMED' } } })
    expect(await host.events()).toEqual([])
  })

  test('looks at each line of many, and ends with exit 5 where one would be refused', async () => {
    const host = ssoHost(ISSUER)
    const stdin = `${lines({ preferred_username: 'alice', aws_role_arn: `${analyst},${scientist}` })}\n${lines(
      { preferred_username: 'bob', aws_role_arn: 'x' },
      { preferred_username: 'carol' },
    )}`
    const { json, exitCode } = await rehearse(host, stdin)
    expect(exitCode).toBe(5)
    expect(json).toEqual([
      expect.objectContaining({ line: 1, username: 'alice', outcome: 'overridden', roleArns: [analyst, scientist] }),
      { line: 3, error: { code: 'TOKEN_CLAIMS', message: expect.stringContaining('"aws_role_arn" is malformed') } },
      expect.objectContaining({ line: 4, username: 'carol', outcome: 'not-asserted' }),
    ])
    const text = await host.run(['sso', 'rehearse', '--claims', '-'], { stdin })
    expect(text.exitCode).toBe(5)
    expect(text.stderr).toContain('1 of 3 logins would be refused\n')
    expect(text.stdout).toContain(
      'line 1: alice would have 2 AWS roles from single sign-on\nline 3: refused (TOKEN_CLAIMS)',
    )
  })

  test('ends with exit 0 where none of many would be refused', async () => {
    const { exitCode, json } = await rehearse(
      ssoHost(ISSUER),
      lines({ preferred_username: 'a' }, { preferred_username: 'b' }),
    )
    expect({ exitCode, count: json.length }).toEqual({ exitCode: 0, count: 2 })
  })

  test('warns where the claims are those of another issuer or client', async () => {
    const claims = { preferred_username: 'alice', iss: `${ISSUER}/`, aud: ['grafana'] }
    const { stderr, exitCode } = await rehearse(ssoHost(ISSUER), lines(claims))
    expect(exitCode).toBe(0)
    expect(stderr).toContain(`iss is "${ISSUER}/", the configuration says "${ISSUER}"`)
    expect(stderr).toContain('the client id is "workbench"')
  })

  test.each([
    ['', 'the claims file is empty'],
    ['{"a": 1}\n{"b": CANARY}\n', 'line 2 of the claims file is not valid JSON'],
    ['{"a": 1}\n"CANARY"\n', 'line 2 of the claims file is a string, expected an object'],
    ['[{"a": "CANARY"}]', 'line 1 of the claims file is a list, expected an object'],
  ])('names the line that is no JSON object, and does not repeat it: %j', async (stdin, says) => {
    const run = await rehearse(ssoHost(ISSUER), stdin)
    expect(run).toMatchObject({ exitCode: 2, json: { error: { code: 'INVALID_CLAIMS_FILE' } } })
    expect(run.json.error.message).toContain(says)
    expect(run.json.error.message).toMatch(/^standard input: /)
    expect(run.stdout + run.stderr).not.toContain('CANARY')
    const file = join(directory, 'logins.jsonl')
    writeFileSync(file, stdin)
    const named = await ssoHost(ISSUER).runJson(['sso', 'rehearse', '--claims', file])
    expect(named.json.error.message).toBe(run.json.error.message.replace('standard input', file))
  })
})
