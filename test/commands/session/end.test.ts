import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin } from '../../support/admin.ts'
import { analyst, engineer } from '../../support/arns.ts'
import { stranger } from '../../support/people.ts'
import { person, type SessionHost, sessionLab } from '../../support/session-host.ts'

const lab = sessionLab()

/** A session with a role of several, and credentials that are kept for it. */
async function liveHost(roleArns: readonly string[] = [analyst, engineer]): Promise<SessionHost> {
  const host = lab.host()
  const token = await host.logIn(roleArns)
  await host.begin(token, '--role', analyst)
  await host.runJson(['session', 'credentials', person, '--role', analyst, '--id-token-file', host.tokenFile(token)])
  expect({ files: host.files().length, kept: kept(host) }).toEqual({ files: 2, kept: 1 })
  return host
}

function kept({ cache }: SessionHost): number {
  return readdirSync(join(cache, 'credentials')).filter((name) => name.endsWith('.json')).length
}

describe('a session ends at once', () => {
  const changes: readonly [string, (host: SessionHost) => Promise<{ exitCode: number | null; stderr: string }>][] = [
    ['unset', (host) => host.run(['unset-aws-role-arns', person])],
    ['a set of other roles', (host) => host.run(['set-aws-role-arns', person, engineer, '--force'])],
    ['a login without the role', async (host) => host.apply(await token([engineer]))],
    ['a login without the claim', async (host) => host.apply(await token(undefined))],
    [
      'an import that prunes',
      async (host) => {
        await host.run(['set-aws-role-arns', person, analyst, '--force'])
        return host.run(['import-aws-role-arns', '-', '--prune'], {
          stdin: `username,role_arn\nbob,${engineer}\n`,
        })
      },
    ],
    ['session end', (host) => host.run(['session', 'end', person])],
    ['session end of that role', (host) => host.run(['session', 'end', person, '--role', analyst])],
  ]

  test.each(changes)('by %s, with the credentials that are kept for it', async (_, change) => {
    const host = await liveHost()
    const { exitCode } = await change(host)
    expect({ exitCode, files: host.files(), kept: kept(host) }).toEqual({ exitCode: 0, files: [], kept: 0 })
  })

  test('and not by a change that leaves the role, or that is about somebody else or another store', async () => {
    const host = await liveHost()
    await host.run(['set-aws-role-arns', 'bob', engineer])
    await host.run(['unset-aws-role-arns', 'bob'])
    await host.run(['set-aws-role-arns', person, analyst, '--force'])
    await host.run(['unset-aws-role-arns', person, '--dry-run'])
    await host.run(['session', 'end', person, '--role', engineer])
    const other = ['--database', join(host.directory, 'other.db')]
    await host.run(['set-aws-role-arns', person, analyst, ...other])
    await host.run(['unset-aws-role-arns', person, ...other])
    expect(host.files()).toHaveLength(2)
  })

  test('and whoever takes it away is told', async () => {
    const host = await liveHost()
    const { stderr, stdout } = await host.run(['unset-aws-role-arns', person])
    expect(stderr).toContain(`ended the session of "${person}" with ${analyst}`)
    expect(stdout).not.toContain('session')
  })
})

describe('a session that cannot be ended', () => {
  test('is a loud warning and exit 8, and the change stands', async () => {
    const host = await liveHost()
    const [note = ''] = host.files().filter((name) => name.endsWith('.json'))
    writeFileSync(join(host.sessions, note), 'nothing of the kind')
    const { stderr, exitCode } = await host.run(['unset-aws-role-arns', person])
    expect(exitCode).toBe(8)
    expect(stderr).toContain('Warning: a session may still be live that should have ended')
    expect((await host.run(['get-aws-role-arns', person])).stdout).toBe('')
    expect((await host.runJson(['session', 'list'])).exitCode).toBe(8)
    expect(await host.run(['session', 'end', person])).toMatchObject({
      exitCode: 8,
      stdout: `no session of ${person} was ended\n`,
    })
    const byRole = await host.runJson(['session', 'end', person, '--role', analyst])
    expect(byRole.json).toMatchObject({ outcome: 'ended', roleArns: [analyst] })
    expect(host.files()).toEqual([])
  })

  test('as something else is in the place of its file, is told too', async () => {
    const host = await liveHost()
    const [file = ''] = host.files().filter((name) => name.endsWith('.jwt'))
    const place = join(host.sessions, file)
    renameSync(host.sessions, `${host.sessions}.away`)
    writeFileSync(host.sessions, '')
    const { stderr, exitCode } = await host.run(['unset-aws-role-arns', person])
    expect({ exitCode, isTold: stderr.includes('it is not a directory') }).toEqual({ exitCode: 8, isTold: true })
    expect(existsSync(place)).toBe(false)
  })
})

describe('session list', () => {
  test('says which sessions are live, and which are not', async () => {
    const host = lab.host()
    await host.begin(await host.logIn([analyst, engineer]), '--role', analyst)
    const soon = Math.floor(Date.now() / 1000) + 6
    await host.begin(await lab.provider.sign({ preferred_username: person, exp: soon }), '--role', engineer)
    await new Promise((resolve) => setTimeout(resolve, soon * 1000 - Date.now() + 1000))
    const { json, exitCode } = await host.runJson(['session', 'list'])
    expect(exitCode).toBe(0)
    expect(json).toEqual([
      {
        username: person,
        role_arn: analyst,
        role_session_name: person,
        state: 'live',
        since: expect.stringMatching(/Z$/),
        token_expires_at: expect.stringMatching(/Z$/),
        token_file: expect.stringMatching(/\.jwt$/),
      },
      expect.objectContaining({ role_arn: engineer, state: 'token-expired' }),
    ])
    const states = async (...argv: readonly string[]) =>
      (await host.runJson(['session', 'list', ...argv])).json.map(({ state }: { state: string }) => state)
    expect(await states('--database', join(host.directory, 'other.db'))).toEqual(['other-store', 'other-store'])
    // As by another host, or by time: nobody here was told.
    const elsewhere = { ADMIN_SESSION_DIRECTORY: join(host.directory, 'elsewhere') }
    await host.run(['unset-aws-role-arns', person], { env: elsewhere })
    expect(await states()).toEqual(['not-assigned', 'not-assigned'])
    expect((await host.run(['session', 'list', '--format', 'csv'])).stdout).toMatch(
      /^username,role_arn,role_session_name/,
    )
  })

  test('is empty where there is none, and makes nothing', async () => {
    const host = lab.host()
    const run = await host.run(['session', 'list'])
    expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('there is no session') })
    expect(existsSync(host.sessions)).toBe(false)
    expect((await host.runJson(['session', 'end', person])).json).toEqual({
      username: person,
      outcome: 'unchanged',
      roleArns: [],
    })
  })

  test('says without root whose sessions are looked at, and where those of the system are', async () => {
    const host = lab.host()
    const own = join(host.directory, 'runtime')
    const env = { ADMIN_SESSION_DIRECTORY: '', XDG_RUNTIME_DIR: own, ADMIN_DATABASE: '/nonexistent/admin.db' }
    for (const argv of [
      ['session', 'list'],
      ['session', 'end', person],
    ]) {
      const { stderr, exitCode } = await admin(argv, { ...stranger(), env })
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: expect.stringContaining(
          `using your own sessions, ${own}/admin/sessions; those of the system need sudo\n`,
        ),
      })
    }
    const placeless = { ...stranger(), env: { ADMIN_SESSION_DIRECTORY: '' } }
    const { stdout, stderr } = await admin(['session', 'end', person], placeless)
    expect(stderr).toContain('you have no place for sessions; those of the system need sudo\n')
    expect(stdout).toBe(`nothing to end: ${person} has no session\n`)
  })

  test('does not look where others could have put something', async () => {
    const host = lab.host()
    mkdirSync(host.sessions, { recursive: true })
    const { chmodSync } = await import('node:fs')
    chmodSync(host.sessions, 0o777)
    expect(await host.runJson(['session', 'list'])).toMatchObject({
      exitCode: 3,
      json: { error: { code: 'REFUSED_UNSAFE_FILE' } },
    })
  })
})

describe('session end of what is not there', () => {
  test('changes nothing, and says where it looked', async () => {
    const host = await liveHost()
    const end = (...argv: readonly string[]) => host.run(['session', 'end', ...argv])
    expect(await end(person, '--role', engineer)).toMatchObject({
      exitCode: 0,
      stdout: `nothing to end: ${person} has no session with ${engineer} in ${host.sessions}\n`,
      stderr: '',
    })
    await host.run(['set-aws-role-arns', 'guest', analyst])
    expect(await end('guest')).toMatchObject({
      exitCode: 0,
      stdout: `nothing to end: guest has no session in ${host.sessions}\n`,
      stderr: '',
    })
    expect(host.files()).toHaveLength(2)
  })

  test('says that nobody has that name, and who has one like it', async () => {
    const host = await liveHost()
    const { exitCode, stderr } = await host.run(['session', 'end', `${person}x`])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `Warning: neither the store nor this system knows a user "${person}x"; did you mean "${person}"?\n`,
    })
    const unlike = await host.run(['session', 'end', 'q-q-q'], { env: { ADMIN_DATABASE: '/nonexistent/admin.db' } })
    expect(unlike.stderr).toBe('Warning: neither the store nor this system knows a user "q-q-q"\n')
  })

  test('keeps silent on names where the store cannot be asked', async () => {
    const host = lab.host()
    const env = { ADMIN_DATABASE: 'postgres://nobody@127.0.0.1:1/none' }
    expect(await host.run(['session', 'end', 'q-q-q'], { env })).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('a session that is begun again', () => {
  test('has the new token in the old file, and the time of its beginning', async () => {
    const host = lab.host()
    const first = await host.begin(await host.logIn([analyst]))
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const newer = await token([analyst])
    const second = await host.begin(newer)
    expect(second.json.tokenFile).toBe(first.json.tokenFile)
    expect(second.json.since).toBe(first.json.since)
    expect(readFileSync(second.json.tokenFile, 'utf8')).toBe(newer)
    expect(host.files()).toHaveLength(2)
  })
})

function token(roleArns: readonly string[] | undefined): Promise<string> {
  return lab.provider.sign({ preferred_username: person, ...(roleArns !== undefined && { aws_role_arn: roleArns }) })
}
