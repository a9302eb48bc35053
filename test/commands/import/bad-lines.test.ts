import { describe, expect, test } from '@jest/globals'
import { admin, temporaryDirectory } from '../../support/admin.ts'
import { fileWith, importJson, newPlace, role, stateOf } from '../../support/import-file.ts'

const directory = temporaryDirectory()
const good = `alice,${role('good')}\n`
const goodJson = `${JSON.stringify({ username: 'alice', roleArns: [role('good')] })}\n`
const json = (value: unknown) => `${JSON.stringify(value)}\n`
const many = (count: number) => Array.from({ length: count }, (_, index) => role(`r${index}`))

/** What stands on the second line and the first that is bad, and what is said of it. */
const cases: readonly (readonly [string, string | Buffer, string])[] = [
  ['one column', 'bob\n', 'has 1 column, expected 2, username,role_arn: "bob"'],
  ['three columns', `bob,${role('a')},x\n`, 'has 3 columns, expected 2'],
  ['a semicolon between columns', `bob;${role('a')}\n`, 'columns are separated by a comma, not by a semicolon'],
  ['semicolons between cells in quotes', `"bob";"${role('a')}"\n`, 'separated by a comma, not by a semicolon'],
  ['a tab between columns', `bob\t${role('a')}\n`, 'columns are separated by a comma, not by a tab'],
  ['an open quotation mark', `"bob,${role('a')}\n`, 'has a quotation mark out of place'],
  ['a quotation mark inside a cell', `b"ob,${role('a')}\n`, 'has a quotation mark out of place'],
  ['three columns in quotation marks', `"bob","${role('a')}","x"\n`, 'has 3 columns, expected 2'],
  ['no user', `,${role('a')}\n`, '"" is not a user name: it is empty'],
  ['a name like a flag', `--force,${role('a')}\n`, 'it begins with "-", like a flag'],
  ['white space in a name', `bob smith,${role('a')}\n`, 'it contains white space'],
  ['a NUL', `bo\0b,${role('a')}\n`, 'it contains the control character U+0000'],
  ['an escape', `b\u001b[31mob,${role('a')}\n`, 'it contains the control character U+001B'],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from([0x62, 0xff, 0xfe]), Buffer.from(`,${role('a')}\n`)]),
    'it is not valid UTF-8',
  ],
  ['a name of 257 characters', `${'n'.repeat(257)},${role('a')}\n`, 'it has 257 characters, at most 256 are allowed'],
  ['no role', 'bob,\n', 'role ARN is empty'],
  ['no ARN', 'bob,analyst\n', 'role ARN is not an ARN: "analyst"'],
  [
    'a session',
    'bob,arn:aws:sts::123456789012:assumed-role/x/y\n',
    'the role itself is arn:aws:iam::123456789012:role/x',
  ],
  ['a list of ARNs in one cell', `bob,"${role('a')},${role('b')}"\n`, 'each role has a line of its own'],
  ['two ARNs and a blank in one cell', `bob,${role('a')} ${role('b')}\n`, 'each role has a line of its own'],
  [
    'a role of another partition',
    `alice,arn:aws-cn:iam::123456789012:role/a\n`,
    'role ARN is in partition aws-cn, the first of this user is in aws',
  ],
  ['a line without end', `${'x'.repeat(2_000_000)}\n`, 'is longer than 1048576 bytes'],
  [
    'an endless ARN',
    `bob,arn:aws:iam::123456789012:role/${'x'.repeat(300_000)}\n`,
    'role ARN has a role name of 300000 characters',
  ],
]

const jsonCases: readonly (readonly [string, string, string])[] = [
  ['no JSON', 'bob\n', 'is not a JSON object: "bob"'],
  ['a list', '["bob"]\n', 'is not a JSON object'],
  ['cut JSON', '{"username":"bob"\n', 'is not a JSON object'],
  ['no user', json({ roleArns: [role('a')] }), 'has no username'],
  ['a number for a user', json({ username: 7, roleArns: [role('a')] }), 'has a number as username, expected a text'],
  ['no roles', json({ username: 'bob' }), 'has no roleArns'],
  ['a text for the roles', json({ username: 'bob', roleArns: role('a') }), 'has a string as roleArns'],
  [
    'a number among the roles',
    json({ username: 'bob', roleArns: [role('a'), 7] }),
    'has a number as element 2 of roleArns',
  ],
  ['an empty list', json({ username: 'bob', roleArns: [] }), 'has an empty list of roleArns'],
  [
    'a bad role',
    json({ username: 'bob', roleArns: [role('a'), 'x'] }),
    'element 2 of 2 of roleArns: role ARN is not an ARN: "x"',
  ],
  [
    'mixed partitions',
    json({ username: 'bob', roleArns: [role('a'), 'arn:aws-cn:iam::123456789012:role/a'] }),
    'role ARN is in partition aws-cn',
  ],
  ['101 roles', json({ username: 'bob', roleArns: many(101) }), 'has 101 role ARNs, at most 100 are allowed'],
  ['an unknown key', json({ username: 'bob', roleArns: [role('a')], expires: null }), 'has the unknown key "expires"'],
  ['__proto__', '{"username":"bob","roleArns":["x"],"__proto__":{}}\n', 'has the unknown key "__proto__"'],
  ['a lone surrogate', `{"username":"b\\ud800","roleArns":["${role('a')}"]}\n`, 'it is not valid Unicode'],
  [
    'an end in the past',
    json({ username: 'bob', roleArns: [role('a')], expiresAt: '2020-01-01' }),
    'expiresAt "2020-01-01" has passed',
  ],
  [
    'an end without a zone',
    json({ username: 'bob', roleArns: [role('a')], expiresAt: '2099-01-01T00:00:00' }),
    'has no time zone',
  ],
  [
    'a duration',
    json({ username: 'bob', roleArns: [role('a')], expiresAt: '8h' }),
    '"8h" is not a time: expected a moment',
  ],
  ['a number for the end', json({ username: 'bob', roleArns: [role('a')], expiresAt: 7 }), 'has a number as expiresAt'],
  ['the same user again', goodJson, '"alice" stands on line 1 already'],
]

describe.each([
  ['CSV', good, cases],
  ['JSON Lines', goodJson, jsonCases],
] as const)('a bad line of %s', (_, first, table) => {
  test.each(table)('with %s refuses the file by its number', async (_title, line, reason) => {
    const env = newPlace(directory)
    const content = Buffer.concat([Buffer.from(first), Buffer.from(line)])
    const run = await importJson(env, fileWith(directory, content))
    expect({ exitCode: run.exitCode, code: run.json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_IMPORT' })
    expect(run.json.error.details.invalid).toEqual([{ line: 2, reason: expect.stringContaining(reason) }])
    expect(run.json.error.message).toContain('nothing was changed')
    expect((await admin(['store', 'status'], { env })).exitCode).toBe(4)
  })

  test('of each kind is left out with --skip-invalid, and the others are followed', async () => {
    const env = newPlace(directory)
    const content = Buffer.concat([Buffer.from(first), ...table.map(([, line]) => Buffer.from(line))])
    const run = await importJson(env, fileWith(directory, content), '--skip-invalid')
    expect(run.exitCode).toBe(0)
    expect(run.json.created).toBe(1)
    const lines = run.json.invalid.map(({ line }: { line: number }) => line)
    expect(lines).toEqual(table.map((_, index) => index + 2))
    expect(stateOf(env)).toEqual(['alice cli - good'])
    expect(run.stderr).toContain(`${table.length} invalid lines were left out\n  line 2: `)
    expect(run.stderr).toContain(`… and ${table.length - 10} more`)
    expect(run.stderr).not.toMatch(/[\p{Cc}\p{Cf}](?<!\n)/u)
  })
})

test('role 101 of a user in CSV is a bad line, the hundred before it are not', async () => {
  const env = newPlace(directory)
  const text = many(101)
    .map((arn) => `bob,${arn}\n`)
    .join('')
  const { json: result } = await importJson(env, fileWith(directory, text), '--skip-invalid')
  expect(result).toMatchObject({ created: 1, invalid: [{ line: 101, reason: expect.stringContaining('role 101') }] })
})

test('a file in UTF-16 is refused as such', async () => {
  const run = await importJson(newPlace(directory), fileWith(directory, Buffer.from(`\ufeff${good}`, 'utf16le')))
  expect(run.json.error.message).toContain('is written in UTF-16; expected UTF-8')
})
