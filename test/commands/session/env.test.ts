import { readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { adminJson } from '../../support/admin.ts'
import { analyst, engineer } from '../../support/arns.ts'
import { isRoot, stranger } from '../../support/people.ts'
import { person, sessionLab } from '../../support/session-host.ts'

const lab = sessionLab()

describe('session env', () => {
  test('writes the token to a file of the person alone and prints the variables that lead to it', async () => {
    const host = lab.host()
    const token = await host.logIn([analyst], { aws_role_session_name: 'A.Person' })
    const { json, exitCode } = await host.begin(token)
    expect({ exitCode, json }).toEqual({
      exitCode: 0,
      json: {
        username: person,
        roleArn: analyst,
        roleSessionName: 'A.Person',
        tokenFile: expect.stringMatching(/\.jwt$/),
        since: expect.stringMatching(/Z$/),
        tokenExpiresAt: expect.stringMatching(/Z$/),
        environment: {
          AWS_ROLE_ARN: analyst,
          AWS_WEB_IDENTITY_TOKEN_FILE: json.tokenFile,
          AWS_ROLE_SESSION_NAME: 'A.Person',
        },
      },
    })
    expect(readFileSync(json.tokenFile, 'utf8')).toBe(token)
    const { mode, uid } = statSync(json.tokenFile)
    expect({ mode: mode & 0o7777, uid }).toEqual({ mode: 0o600, uid: isRoot ? 65534 : process.getuid?.() })
    expect(statSync(host.sessions).mode & 0o777).toBe(isRoot ? 0o711 : 0o700)
    const note = json.tokenFile.replace(/jwt$/, 'json')
    expect(statSync(note)).toMatchObject({ uid: process.getuid?.() })
    expect(statSync(note).mode & 0o777).toBe(0o600)
    expect(readFileSync(note, 'utf8')).not.toContain(token.split('.')[2])
  })

  test('prints lines for a shell, or for an env file, and no token anywhere', async () => {
    const host = lab.host()
    const token = await host.logIn(['arn:aws:iam::123456789012:role/a$b/analyst'])
    const argv = ['session', 'env', person, '--id-token-file', host.tokenFile(token)]
    const shell = await host.run(argv)
    expect(shell).toMatchObject({ exitCode: 0, stderr: '' })
    expect(shell.stdout).toMatch(
      new RegExp(
        `^export AWS_ROLE_ARN='arn:aws:iam::123456789012:role/a\\$b/analyst'\nexport AWS_WEB_IDENTITY_TOKEN_FILE=/\\S+\nexport AWS_ROLE_SESSION_NAME=${person}\n$`,
      ),
    )
    const plain = await host.run([...argv, '--format', 'env'])
    expect(plain.stdout).toMatch(/^AWS_ROLE_ARN=arn:aws:iam::123456789012:role\/a\$b\/analyst\nAWS_WEB/)
    expect(shell.stdout + shell.stderr + plain.stdout).not.toContain(token)
  })

  test('refuses to choose among several roles, and lists them', async () => {
    const host = lab.host()
    const token = await host.logIn([analyst, engineer])
    const { json, exitCode } = await host.begin(token)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_ROLE_CHOICE' })
    expect(json.error.message).toContain(`  ${analyst}\n  ${engineer}`)
    expect(json.error.suggestions).toContain(`admin session env ${person} --role ${engineer}`)
    expect((await host.begin(token, '--role', engineer)).json.roleArn).toBe(engineer)
  })

  test('refuses a role that is not assigned, and one whose time has run out', async () => {
    const host = lab.host()
    const token = await host.logIn([analyst])
    const { json, exitCode } = await host.begin(token, '--role', engineer)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_NOT_ASSIGNED' })
    expect(json.error.message).toContain(analyst)
    await host.run([
      'set-aws-role-arns',
      person,
      analyst,
      '--force',
      '--expires',
      new Date(Date.now() + 3000).toISOString(),
    ])
    await new Promise((resolve) => setTimeout(resolve, 3500))
    const late = await host.begin(token)
    expect(late).toMatchObject({ exitCode: 3, json: { error: { code: 'REFUSED_NOT_ASSIGNED' } } })
    expect(late.json.error.message).toContain('were assigned until')
  })

  test.each([
    ['mallory', 'nobody is known by the name'],
    ['no/name', 'is not a user name'],
  ])('says of %s what is wrong', async (name, words) => {
    const host = lab.host()
    const token = await host.logIn()
    const { json } = await host.runJson(['session', 'credentials', name, '--id-token-file', host.tokenFile(token)])
    expect(json.error.message).toContain(words)
  })

  test('asks whether somebody else was meant by a name that nobody has', async () => {
    const host = lab.host()
    const mistyped = person.toUpperCase()
    await host.run(['set-aws-role-arns', person, analyst])
    const { json } = await host.runJson(['session', 'credentials', mistyped])
    expect(json.error.message).toContain(`nobody is known by the name "${mistyped}"; did you mean "${person}"?`)
    expect(json.error.suggestions).toEqual([
      `admin session credentials ${person}`,
      `admin set-aws-role-arns ${mistyped} ARN`,
    ])
  })

  test('says of a person without roles that they have none, and of one whom the system does not know', async () => {
    const host = lab.host()
    const token = await host.logIn([])
    expect(await host.begin(token)).toMatchObject({ exitCode: 4, json: { error: { code: 'NOT_FOUND_ASSIGNMENT' } } })
    await host.run(['set-aws-role-arns', '4711', analyst])
    const unknown = await host.runJson(['session', 'env', '4711', '--id-token-file', host.tokenFile(token)])
    expect(unknown).toMatchObject({
      exitCode: 4,
      json: {
        error: {
          code: 'NOT_FOUND_SYSTEM_USER',
          message: expect.stringContaining('session credentials needs none'),
          suggestions: ['admin session credentials 4711'],
        },
      },
    })
  })

  test('refuses a token of somebody else, of another subject, one that has ended and one that nobody signed', async () => {
    const host = lab.host()
    await host.logIn()
    const { sign } = lab.provider
    const now = Math.floor(Date.now() / 1000)
    const claims = { preferred_username: person }
    const refused = async (token: string) => {
      const { json, exitCode } = await host.begin(token)
      return `${exitCode} ${json.error.code}`
    }
    expect(await refused(await sign({ preferred_username: 'mallory' }))).toBe('9 TOKEN_USERNAME')
    expect(await refused(await sign({ ...claims, sub: 'somebody-else' }))).toBe('9 TOKEN_USERNAME')
    expect(await refused(await sign({ ...claims, iat: now - 7200, exp: now - 3600 }))).toBe('9 TOKEN_EXPIRED')
    expect(await refused(await sign({ ...claims, iat: now + 1200, exp: now + 4800 }))).toBe('9 TOKEN_NOT_YET_VALID')
    expect(await refused(`${(await sign(claims)).slice(0, -8)}AAAAAAAA`)).toBe('9 TOKEN_SIGNATURE')
  })

  test('refuses a token that is older than the last login, and one that has ended, if only just', async () => {
    const host = lab.host()
    const now = Math.floor(Date.now() / 1000)
    await host.logIn()
    const refused = async (claims: object) => {
      const { json, exitCode } = await host.begin(await lab.provider.sign({ preferred_username: person, ...claims }))
      return `${exitCode} ${json.error.code}`
    }
    expect(await refused({ iat: now - 600, exp: now + 3000 })).toBe('9 TOKEN_REPLAYED')
    expect(await refused({ exp: now - 10 })).toBe('9 TOKEN_EXPIRED')
  })

  test('leaves a live token that is good for longer than the one that was handed over', async () => {
    const host = lab.host()
    const now = Math.floor(Date.now() / 1000)
    const long = await host.logIn([analyst], { exp: now + 7200 })
    const first = await host.begin(long)
    const second = await host.begin(await lab.provider.sign({ preferred_username: person, exp: now + 600 }))
    expect(second.exitCode).toBe(0)
    expect(second.json).toEqual(first.json)
    expect(readFileSync(first.json.tokenFile, 'utf8')).toBe(long)
  })

  test('refuses a role to somebody who has none, as to somebody who has others', async () => {
    const host = lab.host()
    const token = await host.logIn([])
    const refused = await host.begin(token, '--role', engineer)
    expect(refused).toMatchObject({ exitCode: 3, json: { error: { code: 'REFUSED_NOT_ASSIGNED' } } })
    expect(refused.json.error.message).toContain(`the role ${engineer} is not assigned to "${person}"`)
  })

  test('does not apply what the token says: that is for sso apply-claims', async () => {
    const host = lab.host()
    await host.logIn([analyst])
    const other = await lab.provider.sign({ preferred_username: person, aws_role_arn: [engineer] })
    expect((await host.begin(other)).json.roleArn).toBe(analyst)
    expect((await host.run(['get-aws-role-arns', person])).stdout).toBe(`${analyst}\n`)
  })

  test('says where there is no place for token files', async () => {
    const { json, exitCode } = await adminJson(['session', 'list'], {
      ...stranger(),
      env: { ADMIN_SESSION_DIRECTORY: '' },
    })
    expect({ exitCode, message: json.error?.message }).toEqual({
      exitCode: 4,
      message: expect.stringContaining('XDG_RUNTIME_DIR is not set'),
    })
    expect(json.error.suggestions).toEqual(['sudo admin session list --json'])
  })

  test('says where there is no store of one who is not root that the system may have one', async () => {
    const argv = ['session', 'credentials', person, '--role', analyst]
    const { json } = await adminJson(argv, { ...stranger(), env: { ADMIN_SESSION_DIRECTORY: '' } })
    expect(json.error).toMatchObject({
      code: 'NOT_FOUND_STORE',
      suggestions: [`sudo admin session credentials ${person} --role ${analyst} --json`],
    })
  })
})
