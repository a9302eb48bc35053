import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer } from '../support/arns.ts'
import { testWithPsql } from '../support/database-clients.ts'
import { messages } from '../support/error-messages.ts'

const JWT = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"sub":"canary"}').toString('base64url')}.c2lnbmF0dXJlLWNhbmFyeQ`
const nothing = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
}

const directory = temporaryDirectory()
const env = { ...nothing, ADMIN_DATABASE: join(directory, 'admin.db') }

beforeAll(async () => {
  await admin(['set-aws-role-arns', 'alice', `${analyst},${engineer}`], { env })
})

describe('admin explain-error', () => {
  test('explains a message and says where to look first', async () => {
    const { stdout, stderr, exitCode } = await admin(['explain-error', 'Error: Incorrect token audience'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toContain('Incorrect token audience  (audience-refused)\n')
    expect(stdout).toContain('    1. the client id is missing at the provider')
    expect(stdout).toContain('    $ aws iam get-open-id-connect-provider')
  })

  test('answers in JSON of one shape', async () => {
    const { json, exitCode } = await adminJson(['explain-error', '-'], {
      stdin: messages.map(([, text]) => text).join('\n'),
    })
    expect(exitCode).toBe(0)
    expect(new Set(json.matches.map(({ id }: { id: string }) => id))).toEqual(new Set(messages.map(([id]) => id)))
    for (const match of json.matches) expect(Object.keys(match)).toEqual(['id', 'text', 'meaning', 'causes', 'checks'])
  })

  test('takes a message that was not quoted', async () => {
    const words = 'FATAL: PAM authentication failed for user jane'.split(' ')
    const { json, exitCode } = await adminJson(['explain-error', ...words])
    expect([exitCode, json.matches[0].id]).toEqual([0, 'iam-login-refused'])
  })

  test('takes a code of ours by itself, in letters of either case', async () => {
    const { json, exitCode } = await adminJson(['explain-error', 'token_expired'])
    expect([exitCode, json.matches.map(({ id }: { id: string }) => id)]).toEqual([0, ['admin-token-time']])
  })

  test('takes the name of a file for no message, and says how to read it', async () => {
    const file = join(directory, 'the log.txt')
    writeFileSync(file, 'FATAL: PAM authentication failed')
    expect(await admin(['explain-error', file])).toMatchObject({
      stdout: '',
      stderr: `Error: "${file}" is a file; expected the text of a message, or - for stdin\n  try: admin explain-error - < '${file}'\n`,
      exitCode: 2,
    })
  })

  test('says that it does not know a text, with exit 4', async () => {
    const { json, exitCode } = await adminJson(['explain-error', 'the coffee machine is on fire'])
    expect([exitCode, json.error.code]).toEqual([4, 'NOT_FOUND_EXPLANATION'])
    expect((await admin(['explain-error', 'x'.repeat(100_000)])).exitCode).toBe(4)
    expect(await admin(['explain-error', '-'], { stdin: '' })).toMatchObject({ exitCode: 2, stdout: '' })
  })

  test.each([
    ['no-credentials', ['rds', 'token', '--hostname', 'db.abc.us-east-2.rds.amazonaws.com', '--username', 'jane']],
    ['admin-role-choice', ['session', 'credentials', 'alice']],
    ['admin-store-missing', ['store', 'status', '--database', join(directory, 'none.db')]],
  ])('knows %s from what %j printed, in either mode', async (id, argv) => {
    for (const { stdout, stderr } of [await admin(argv, { env }), await admin([...argv, '--json'], { env })]) {
      const { json } = await adminJson(['explain-error', '-'], { stdin: stdout + stderr })
      expect(json.matches.map((match: { id: string }) => match.id)).toContain(id)
    }
  })

  testWithPsql('knows what psql itself prints', async () => {
    for (const [id, connection] of [
      ['host-unknown', 'host=nohost.invalid'],
      ['connection-refused', 'host=127.0.0.1 port=1'],
      ['no-local-server', `host=${directory}`],
    ]) {
      const { stderr } = spawnSync('psql', ['--no-password', `${connection} user=jane`], { encoding: 'utf8' })
      const { json } = await adminJson(['explain-error', '-'], { stdin: stderr })
      expect(json.matches.map((match: { id: string }) => match.id)).toEqual([id])
    }
  })

  test('repeats no token, and warns of one among the arguments', async () => {
    const text = `No OpenIDConnect provider found in your account for ${JWT}`
    const runs = [
      await admin(['explain-error', text]),
      await adminJson(['explain-error', text]),
      await admin(['explain-error', JWT]),
    ]
    for (const { stdout, stderr } of runs) {
      expect(stdout + stderr).not.toMatch(/canary|c2lnbmF0dXJl/)
      expect(stderr).toContain('Warning: the text contains a token')
    }
    expect((await admin(['explain-error', '-'], { stdin: text })).stderr).toBe('')
  })

  test('escapes what would act on a terminal', async () => {
    const { stdout } = await admin(['explain-error', 'PAM authentication failed for user "\u001b[31mjane\u202e"'])
    expect(stdout).toContain('"\\u{1b}[31mjane\\u{202e}"')
  })

  test('looks at the first ten megabytes of stdin and says so', async () => {
    const stdin = `FATAL: PAM authentication failed for user "jane"\n`.padEnd(10_000_010, '\nnothing to see here')
    const { stderr, exitCode } = await admin(['explain-error', '-'], { stdin })
    expect({ stderr, exitCode }).toEqual({ exitCode: 0, stderr: expect.stringContaining('longer than 10 MB') })
  })
})
