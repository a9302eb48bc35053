import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { migrationList } from '../../../src/store/migration-list.ts'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer } from '../../support/arns.ts'
import { stranger } from '../../support/people.ts'
import { sqlite } from '../../support/sqlite.ts'
import { newStore as makeStore } from '../../support/store.ts'

const directory = temporaryDirectory()
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)

async function newStore() {
  const file = await makeStore(directory)
  return { file, env: { ADMIN_DATABASE: file } }
}

describe('the store', () => {
  test('is born with its directory 0750 and its file 0640, and nothing is left beside it', async () => {
    const { file } = await newStore()
    expect([modeOf(dirname(file)), modeOf(file)]).toEqual(['750', '640'])
    expect(readdirSync(dirname(file)).sort()).toEqual(['admin.db', 'admin.db-shm', 'admin.db-wal'])
    expect([modeOf(`${file}-wal`), modeOf(`${file}-shm`)]).toEqual(['640', '640'])
  })

  test('keeps the mode of a directory that was there', async () => {
    const own = join(directory, randomUUID())
    mkdirSync(own, { mode: 0o700 })
    await admin(['set-aws-role-arns', 'alice', analyst, '--database', join(own, 'admin.db')])
    expect(modeOf(own)).toBe('700')
  })

  test('is found by plain path, URL, environment and configuration file', async () => {
    const { file } = await newStore()
    const config = join(directory, `${randomUUID()}.yaml`)
    writeFileSync(config, `database: sqlite://${file}\n`)
    const ways: readonly [string[], Record<string, string>][] = [
      [['--database', file], {}],
      [['--database', `sqlite://${file}`], {}],
      [[], { ADMIN_DATABASE: file }],
      [['--config', config], {}],
      [[], { ADMIN_CONFIG: config }],
    ]
    for (const [argv, env] of ways) {
      expect((await admin(['get-aws-role-arns', 'alice', ...argv], { env })).stdout).toBe(`${analyst}\n`)
    }
  })

  test('of a person who is not root is one of their own', async () => {
    const data = join(directory, randomUUID())
    mkdirSync(data, { mode: 0o777 })
    chmodSync(data, 0o777)
    chmodSync(directory, 0o755)
    const options = { env: { XDG_DATA_HOME: data }, ...stranger() }
    expect((await admin(['set-aws-role-arns', 'alice', analyst], options)).exitCode).toBe(0)
    expect(existsSync(join(data, 'admin', 'admin.db'))).toBe(true)
  })

  test.each([
    ['an empty file', '', 0],
    ['a file of one byte', 'x', 2],
    ['a file that is shorter than a header', 'x'.repeat(99), 2],
    ['a file of something else', 'hello, this is not a database at all, but a text of some length', 2],
  ])('takes over %s only if it is empty', async (_, content, exitCode) => {
    const file = join(directory, `${randomUUID()}.db`)
    writeFileSync(file, content)
    const run = await admin(['set-aws-role-arns', 'alice', analyst, '--database', file])
    expect(run.exitCode).toBe(exitCode)
    if (exitCode === 0) return
    expect((await admin(['get-aws-role-arns', 'alice', '--database', file])).exitCode).toBe(exitCode)
    expect(readFileSync(file, 'utf8')).toBe(content)
  })

  test('never touches the SQLite database of another program', async () => {
    const file = join(directory, `${randomUUID()}.db`)
    sqlite(file, 'CREATE TABLE theirs (x)')
    const { json, exitCode } = await adminJson(['set-aws-role-arns', 'alice', analyst, '--database', file])
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_DATABASE' })
    expect(sqlite(file, 'SELECT name FROM sqlite_schema')).toEqual([{ name: 'theirs' }])
    expect((await admin(['get-aws-role-arns', 'alice', '--database', file])).exitCode).toBe(2)
  })
})

describe('store migrate', () => {
  test('makes the store, and then has nothing to do', async () => {
    const file = join(directory, randomUUID(), 'admin.db')
    const first = await adminJson(['store', 'migrate', '--database', file])
    expect(first.json).toEqual({ location: file, applied: migrationList.map(({ name }) => name), pending: [] })
    expect((await adminJson(['store', 'migrate', '--database', file])).json.applied).toEqual([])
  })

  test('started by eight processes at once applies each step once', async () => {
    const file = join(directory, randomUUID(), 'admin.db')
    const runs = await Promise.all(Array.from({ length: 8 }, () => adminJson(['store', 'migrate', '--database', file])))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0))
    expect(sqlite(file, 'SELECT name FROM migrations')).toEqual(migrationList.map(({ name }) => ({ name })))
    expect(readdirSync(dirname(file)).filter((name) => name.includes('.new'))).toEqual([])
  })

  test.each([
    ['changed', "UPDATE migrations SET checksum = 'other'", 'was changed after it was applied'],
    ['unknown', "INSERT INTO migrations VALUES ('0099-future', 'x', '2027-01-01T00:00:00Z')", 'older than the store'],
    ['missing here', "UPDATE migrations SET name = '0001-another' WHERE name LIKE '0001%'", 'is missing here'],
  ])('refuses a step that is %s, and so does every writer', async (_, statement, reason) => {
    const { file, env } = await newStore()
    sqlite(file, statement)
    for (const argv of [
      ['store', 'migrate'],
      ['set-aws-role-arns', 'bob', engineer],
      ['store', 'status'],
    ]) {
      const { json, exitCode } = await adminJson(argv, { env })
      expect({ exitCode, code: json.error?.code }).toEqual({ exitCode: 3, code: 'REFUSED_MIGRATIONS' })
      expect(json.error.message).toContain(reason)
    }
  })

  test('of an older store is asked for before anything is written', async () => {
    const { file, env } = await newStore()
    sqlite(file, 'DELETE FROM migrations')
    const { json, exitCode } = await adminJson(['set-aws-role-arns', 'bob', engineer], { env })
    expect({ exitCode, suggestions: json.error.suggestions }).toEqual({
      exitCode: 3,
      suggestions: ['admin store backup FILE', 'admin store migrate'],
    })
  })
})

describe('store status', () => {
  test('tells schema, integrity and counts', async () => {
    const { file, env } = await newStore()
    const { json, exitCode } = await adminJson(['store', 'status'], { env })
    expect(exitCode).toBe(0)
    expect(json).toMatchObject({
      location: file,
      engine: 'sqlite',
      migrations: { applied: migrationList.map(({ name }) => name), pending: [] },
      integrity: [],
      findings: [],
      users: 1,
      assignments: 1,
      events: 1,
      headHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test('finds a file that everybody may read, with exit 5', async () => {
    const { file, env } = await newStore()
    chmodSync(file, 0o644)
    const run = await admin(['store', 'status'], { env })
    expect(run.exitCode).toBe(5)
    expect(run.stdout).toContain(`everybody may read ${file} (mode 0644): chmod 0640 ${file}`)
  })

  test('finds a damaged file', async () => {
    const { file, env } = await newStore()
    const bytes = readFileSync(file)
    bytes.fill(0x5a, 4096 * 3, 4096 * 6)
    writeFileSync(file, bytes)
    expect([2, 5]).toContain((await adminJson(['store', 'status'], { env })).exitCode)
  })

  test('finds guards of the log that are gone, changed or from somewhere else', async () => {
    const { file, env } = await newStore()
    sqlite(
      file,
      'DROP TRIGGER events_are_not_deleted',
      'DROP TRIGGER events_are_not_updated',
      'CREATE TRIGGER events_are_not_updated BEFORE UPDATE ON events WHEN 0 BEGIN SELECT 1; END',
      'CREATE TRIGGER evil AFTER INSERT ON events BEGIN DELETE FROM assignments; END',
    )
    const { json, exitCode } = await adminJson(['store', 'status'], { env })
    expect([exitCode, json.integrity]).toEqual([
      5,
      [
        'the trigger events_are_not_deleted of events is gone',
        'the trigger events_are_not_updated of events was changed',
        'the trigger "evil" of "events" is none of ours',
      ],
    ])
  })

  test('of no store is exit 4', async () => {
    const { json, exitCode } = await adminJson(['store', 'status', '--database', join(directory, 'none.db')])
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_STORE' })
  })
})

describe('store backup', () => {
  test('writes a store of its own that only its owner may read', async () => {
    const { env } = await newStore()
    const copy = join(directory, `${randomUUID()}.db`)
    const { json } = await adminJson(['store', 'backup', copy], { env })
    expect(json).toMatchObject({ file: copy, events: 1, headHash: expect.any(String) })
    expect(modeOf(copy)).toBe('600')
    expect((await admin(['get-aws-role-arns', 'alice', '--database', copy])).stdout).toBe(`${analyst}\n`)
    expect((await adminJson(['audit', 'verify', '--database', copy])).json.headHash).toBe(json.headHash)
    expect((await admin(['set-aws-role-arns', 'bob', engineer, '--database', copy])).exitCode).toBe(0)
  })

  test('never overwrites a file', async () => {
    const { env } = await newStore()
    const file = join(directory, `${randomUUID()}.txt`)
    writeFileSync(file, 'precious')
    const { json, exitCode } = await adminJson(['store', 'backup', file], { env })
    expect({ exitCode, code: json.error.code, content: readFileSync(file, 'utf8') }).toEqual({
      exitCode: 3,
      code: 'REFUSED_FILE_EXISTS',
      content: 'precious',
    })
  })

  test('makes no directory of its own', async () => {
    const { env } = await newStore()
    const { json, exitCode } = await adminJson(['store', 'backup', join(directory, 'missing', 'x.db')], { env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_FILE' })
    expect(existsSync(join(directory, 'missing'))).toBe(false)
  })
})
