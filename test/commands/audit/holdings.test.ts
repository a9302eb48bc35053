import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { describeEngines } from '../../support/engines.ts'

interface Row {
  readonly username: string
  readonly role_arn: string
}

describeEngines('who may use what', (engine) => {
  let env: Readonly<Record<string, string>> = {}

  beforeAll(async () => {
    env = { ADMIN_DATABASE: (await engine.newStore()).url, SUDO_USER: 'carol', SUDO_UID: '7' }
    await admin(['set-aws-role-arns', 'alice', `${scientist},${analyst}`, '--expires', '8h'], { env })
    await admin(['set-aws-role-arns', 'bob', engineer], { env })
    await admin(['set-aws-role-arns', 'Zoë', analyst], { env })
    await admin(['set-aws-role-arns', 'dave', analyst], { env })
    await admin(['unset-aws-role-arns', 'dave'], { env })
  })

  const pairs = async (argv: readonly string[]) => {
    const { json } = await adminJson(['audit', ...argv], { env })
    return json.map(({ username, role_arn }: Row) => `${username} ${role_arn}`)
  }

  test('is one row for each person and role, by name, roles in their order, with the columns that scripts rely on', async () => {
    const { json } = await adminJson(['audit', 'assignments'], { env })
    expect(json.map(({ username, role_arn }: Row) => [username, role_arn])).toEqual([
      ['Zoë', analyst],
      ['alice', scientist],
      ['alice', analyst],
      ['bob', engineer],
    ])
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const common = { source: 'cli', set_at: time, set_by: expect.stringContaining('carol') }
    expect(json[1]).toEqual({
      username: 'alice',
      role_arn: scientist,
      account_id: '123456789012',
      ...common,
      expires_at: time,
    })
    expect(json[3]).toEqual({
      username: 'bob',
      role_arn: engineer,
      account_id: '210987654321',
      ...common,
      expires_at: null,
    })
    expect(Object.keys(json[0])).toEqual(header)
  })

  test.each([
    ['a person', ['--user', 'bob'], [`bob ${engineer}`]],
    ['people', ['--user', 'b*', '--user', 'Zo?'], [`Zoë ${analyst}`, `bob ${engineer}`]],
    [
      'a role, which leaves out what else its holders hold',
      ['--role', analyst],
      [`Zoë ${analyst}`, `alice ${analyst}`],
    ],
    ['a glob of roles', ['--role', '*:role/team/*'], [`alice ${scientist}`]],
    ['an account', ['--account', '210987654321'], [`bob ${engineer}`]],
    ['who says so', ['--source', 'sso'], []],
    ['several at once', ['--role', '*analyst', '--role', '*engineer', '--user', 'a*'], [`alice ${analyst}`]],
    ['role and account of the same role', ['--role', '*scientist', '--account', '210987654321'], []],
  ])('is filtered by %s', async (_, filter, expected) => {
    expect(await pairs(['assignments', ...filter])).toEqual(expected)
    expect(await pairs(['assignments', ...filter, '--as-of', '0m'])).toEqual(expected)
  })

  test('is, for a role, its holders', async () => {
    expect(await pairs(['who-has', analyst])).toEqual([`Zoë ${analyst}`, `alice ${analyst}`])
    expect(await pairs(['who-has', '*:role/e*', '--as-of', '0m'])).toEqual([`bob ${engineer}`])
  })

  test('was nothing a year ago', async () => {
    expect(await pairs(['assignments', '--as-of', '365d'])).toEqual([])
  })

  test.each(['csv', 'jsonl', 'json', 'table'])('says the same as %s', async (format) => {
    const run = await admin(['audit', 'assignments', '--format', format], { env })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(names(format, run.stdout)).toEqual(['Zoë', 'alice', 'alice', 'bob'])
  })
})

const header = ['username', 'role_arn', 'account_id', 'source', 'set_at', 'set_by', 'expires_at']

/** As programs of others read it. */
function names(format: string, text: string): readonly string[] {
  if (format === 'json') return JSON.parse(text).map(({ username }: Row) => username)
  const lines = text.trimEnd().split('\n')
  if (format === 'jsonl') return lines.map((line) => JSON.parse(line).username)
  if (format === 'table') return lines.slice(1).map((line) => line.split(' ')[0] ?? '')
  const read = 'import csv, json, sys; print(json.dumps(list(csv.DictReader(sys.stdin))))'
  const rows = JSON.parse(execFileSync('python3', ['-c', read], { input: text, encoding: 'utf8' }))
  expect(Object.keys(rows[0])).toEqual(header)
  return rows.map(({ username }: Row) => username)
}

describe('a question that cannot be answered', () => {
  const database = ['--database', '/nonexistent/admin.db']

  test.each([
    [['assignments', '--account', '12345'], 'INVALID_ACCOUNT_ID', 'it has 5 digits, expected 12'],
    [['assignments', '--role', 'analyst'], 'INVALID_ROLE_ARN', 'is not an ARN'],
    [['assignments', '--source', 'ldap'], 'USAGE_FLAG', 'expected one of cli, sso'],
    [['assignments', '--as-of', '2999-01-01'], 'INVALID_TIME', 'is in the future'],
    [['who-has', `${analyst}/`], 'INVALID_ROLE_ARN', 'has no role name'],
    [['who-has', 'arn:aws:sts::123456789012:assumed-role/analyst/alice'], 'INVALID_ROLE_ARN', 'a session of role'],
  ])('is refused: %j', async (argv, code, words) => {
    const { json, exitCode } = await adminJson(['audit', ...argv, ...database])
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code })
    expect(json.error.message).toContain(words)
  })
})

describe('a role that nobody holds', () => {
  test('is an empty answer, and whether it was ever heard of is said beside it', async () => {
    const env = { ADMIN_DATABASE: `/tmp/admin-test-none-${process.pid}.db` }
    const run = await adminJson(['audit', 'who-has', analyst], { env })
    expect(run).toMatchObject({ exitCode: 0, json: [] })
    expect(run.stderr).toContain(`nobody holds "${analyst}"\nthe store has never heard of that role`)
  })
})
