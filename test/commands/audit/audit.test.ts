import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { actorBehindSudo } from '../../support/people.ts'
import { sqlite, tamper } from '../../support/sqlite.ts'

const directory = temporaryDirectory()
const original = join(directory, 'admin.db')
const env = { ADMIN_DATABASE: original }

beforeAll(async () => {
  await admin(['set-aws-role-arns', 'alice', analyst, '--reason', '=HYPERLINK("http://evil")'], { env })
  await admin(['set-aws-role-arns', 'bob', `${scientist},${engineer}`], {
    env: { ...env, SUDO_USER: 'carol', SUDO_UID: '7' },
  })
  await admin(['set-aws-role-arns', 'alice', engineer], { env })
  await admin(['unset-aws-role-arns', 'alice', '--reason', 'left, "quoted"'], { env })
})

/** A copy of the store for a test that damages it. */
function copyOfStore(): string {
  const file = join(directory, `${randomUUID()}.db`)
  copyFileSync(original, file)
  return file
}

describe('audit log', () => {
  test('lists events newest first, with before, after and reason', async () => {
    const { json } = await adminJson(['audit', 'log'], { env })
    expect(json.map(({ id }: { id: number }) => id)).toEqual([4, 3, 2, 1])
    expect(json[0]).toMatchObject({
      action: 'unset',
      username: 'alice',
      before: { source: 'cli', roleArns: [engineer] },
      after: null,
      reason: 'left, "quoted"',
    })
  })

  test.each([
    ['a person', ['--user', 'alice'], [4, 3, 1]],
    ['a glob', ['--user', 'b*'], [2]],
    ['several people', ['--user', 'alice', '--user', 'bob', '--limit', '2'], [4, 3]],
    ['a role held before or after', ['--role', '*:role/engineer'], [4, 3, 2]],
    ['an actor', ['--actor', actorBehindSudo('carol'), '--user', 'bob'], [2]],
    ['an actor who did nothing', ['--actor', 'mallory*'], []],
    ['an action', ['--action', 'unset', '--action', 'expire'], [4]],
    ['filters of different kinds together', ['--user', 'alice', '--role', analyst], [3, 1]],
    ['a time that has passed', ['--until', '2020-01-01'], []],
    ['a time ago', ['--since', '8h'], [4, 3, 2, 1]],
    ['a time until so long ago', ['--until', '8h'], []],
    ['a time from then on', ['--since', '2020-01-01T00:00:00Z'], [4, 3, 2, 1]],
  ])('filters by %s', async (_, filter, ids) => {
    const { json } = await adminJson(['audit', 'log', ...filter], { env })
    expect(json.map(({ id }: { id: number }) => id)).toEqual(ids)
  })

  test('has a table, csv with formulas defused, and jsonl', async () => {
    const table = await admin(['audit', 'log'], { env })
    expect(table.stdout.split('\n')[0]).toMatch(/^ID +AT +ACTOR +ACTION +USERNAME +CHANGE +REASON$/)
    const csv = await admin(['audit', 'log', '--format', 'csv'], { env })
    const read = 'import csv, json, sys; print(json.dumps(list(csv.DictReader(sys.stdin))))'
    const rows = JSON.parse(execFileSync('python3', ['-c', read], { input: csv.stdout, encoding: 'utf8' }))
    expect(rows).toHaveLength(4)
    expect(rows[0].reason).toBe('left, "quoted"')
    expect(rows[3].reason).toBe('\'=HYPERLINK("http://evil")')
    const jsonl = await admin(['audit', 'log', '--format', 'jsonl'], { env })
    expect(
      jsonl.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([4, 3, 2, 1])
  })

  test('of no store is empty', async () => {
    const { json, exitCode } = await adminJson(['audit', 'log', '--database', join(directory, 'none.db')])
    expect({ json, exitCode }).toEqual({ json: [], exitCode: 0 })
  })

  test.each([
    [['--role', 'analyst'], 'INVALID_ROLE_ARN'],
    [['--since', '2026-02-01', '--until', '2026-01-01'], 'INVALID_TIME'],
  ])('refuses %j, which nothing can match', async (filter, code) => {
    const { json, exitCode } = await adminJson(['audit', 'log', ...filter], { env })
    expect({ exitCode, error: json.error }).toMatchObject({ exitCode: 2, error: { code } })
  })

  test('that matches nothing says so beside an empty answer', async () => {
    const none = ['audit', 'log', '--user', 'nobody']
    expect(await admin(none, { env })).toMatchObject({ exitCode: 0, stdout: '', stderr: 'no events match\n' })
    expect(await adminJson(none, { env })).toMatchObject({ exitCode: 0, json: [], stderr: 'no events match\n' })
  })

  test('finds a user however the accents of the name are typed', async () => {
    const own = { ADMIN_DATABASE: join(directory, 'accents.db') }
    await admin(['set-aws-role-arns', 'ren\u00e9e', analyst], { env: own })
    const { json } = await adminJson(['audit', 'log', '--user', 'rene\u0301e'], { env: own })
    expect(json).toHaveLength(1)
  })

  test('says where a JSON document cannot wait until it is whole', async () => {
    const { json, exitCode } = await adminJson(['audit', 'log'], { env: { ...env, TMPDIR: '/nonexistent' } })
    expect({ exitCode, error: json.error }).toMatchObject({
      exitCode: 7,
      error: { code: 'UNAVAILABLE_OUTPUT', message: expect.stringContaining('/nonexistent') },
    })
  })

  test.each([
    ['--since', 'yesterday'],
    ['--action', 'destroy'],
    ['--limit', '0'],
    ['--format', 'xml'],
  ])('refuses %s %s', async (flag, value) => {
    expect((await adminJson(['audit', 'log', flag, value], { env })).exitCode).toBe(2)
  })
})

describe('audit verify', () => {
  test('finds a log that nobody touched whole, and tells its head', async () => {
    const { json, exitCode } = await adminJson(['audit', 'verify'], { env })
    const [{ hash }] = sqlite(original, 'SELECT hash FROM events WHERE id = 4')
    expect({ json, exitCode }).toEqual({
      json: { verified: 4, headHash: hash, broken: null, expectedHead: null, state: null },
      exitCode: 0,
    })
  })

  test('agrees with a chain computed by another program', () => {
    const program = `
import hashlib, json, sqlite3, sys
columns = ['id', 'at', 'action', 'actor', 'actor_uid', 'host', 'username', 'before', 'after', 'reason', 'details']
head = '0' * 64
for row in sqlite3.connect(sys.argv[1]).execute(f"SELECT {', '.join(columns)}, hash FROM events ORDER BY id"):
    text = head + '\\n' + json.dumps(list(row[:-1]), separators=(',', ':'), ensure_ascii=False)
    head = hashlib.sha256(text.encode()).hexdigest()
    assert head == row[-1], row
print('whole')
`
    expect(execFileSync('python3', ['-c', program, original], { encoding: 'utf8' })).toBe('whole\n')
  })

  test.each([
    ['edited', "UPDATE events SET actor = 'mallory' WHERE id = 2", 2, 'its content does not match its hash'],
    [
      'edited in its reason only',
      "UPDATE events SET reason = 'fine' WHERE id = 1",
      1,
      'its content does not match its hash',
    ],
    ['deleted', 'DELETE FROM events WHERE id = 2', 3, 'expected event 2 here'],
    ['renumbered', 'UPDATE events SET id = 9 WHERE id = 4', 9, 'expected event 4 here'],
    ['rehashed', "UPDATE events SET actor = 'mallory', hash = 'x' WHERE id = 2", 2, 'its content does not match'],
  ])('names the first event that was %s, with exit 5', async (_, statement, id, problem) => {
    const file = copyOfStore()
    tamper(file, statement)
    const { json, exitCode } = await adminJson(['audit', 'verify', '--database', file])
    expect({ exitCode, id: json.broken.id }).toEqual({ exitCode: 5, id })
    expect(json.broken.problem).toContain(problem)
    const text = await admin(['audit', 'verify', '--database', file])
    expect(text).toMatchObject({ exitCode: 5, stdout: expect.stringContaining(`event ${id} is broken`) })
  })

  test('does not take a store that is gone for a sound one', async () => {
    const { json, exitCode } = await adminJson(['audit', 'verify', '--database', join(directory, 'gone.db')])
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_STORE' })
  })
})

describe('the log in the database', () => {
  test.each([
    ['updated', "UPDATE events SET actor = 'mallory'"],
    ['deleted', 'DELETE FROM events'],
    ['replaced', 'REPLACE INTO events SELECT * FROM events WHERE id = 1'],
    [
      'appended to out of line',
      "INSERT INTO events SELECT 99, at, action, actor, actor_uid, host, username, before, after, reason, details, previous_hash, 'x' FROM events WHERE id = 1",
    ],
  ])('cannot be %s', (_, statement) => {
    const file = copyOfStore()
    expect(() => sqlite(file, statement)).toThrow(/append-only|must follow/)
  })
})
