import { beforeAll, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { toInstant } from '../../../src/clock.ts'
import { expiring } from '../../../src/store/assigned-people.ts'
import { migrateSqlite } from '../../../src/store/sqlite/sqlite-migrations.ts'
import type { Tables } from '../../../src/store/tables.ts'
import { admin, adminJson } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { describeEngines, type TestEngine, type TestStore } from '../../support/engines.ts'

const daysAgo = (days: number) => toInstant(new Date(Date.now() - days * 86_400_000))

async function filledStore(engine: TestEngine): Promise<TestStore> {
  const store = await engine.newStore()
  const env = { ADMIN_DATABASE: store.url }
  const set = (name: string, arns: string, ...more: string[]) =>
    admin(['set-aws-role-arns', name, arns, ...more], { env })
  await set('never', `${scientist},${analyst}`)
  await set('recent', analyst, '--expires', '20d')
  await set('old', analyst, '--expires', '3h')
  await set('ended', engineer, '--expires', '5d')
  await set('=2+5', engineer, '--expires', '5d')
  await admin(['unset-aws-role-arns', 'gone'], { env })
  const login = (name: string, at: string) =>
    store.rows(
      `UPDATE users SET subject = '${name}', last_token_issued_at = '${at}', last_sso_login = '${at}' WHERE username = '${name}'`,
    )
  await login('recent', daysAgo(3))
  await login('old', daysAgo(100))
  const ended = "(SELECT id FROM users WHERE username = 'ended')"
  await store.rows(`UPDATE assignments SET expires_at = '2020-01-01T00:00:00Z' WHERE user_id = ${ended}`)
  return store
}

test.each(['never-used', 'expiring', 'orphans', 'head'])('audit %s needs a store to conclude from', async (name) => {
  const { json, exitCode } = await adminJson(['audit', name, '--database', '/tmp/there/is/none.db'])
  expect({ exitCode, error: json.error }).toMatchObject({ exitCode: 4, error: { code: 'NOT_FOUND_STORE' } })
})

describeEngines('the audit of people', (engine) => {
  let env: Record<string, string>
  beforeAll(async () => {
    env = { ADMIN_DATABASE: (await filledStore(engine)).url }
  })
  const names = async (...argv: string[]) => {
    const { json, exitCode } = await adminJson(['audit', ...argv], { env })
    expect(exitCode).toBe(0)
    return json.map(({ username }: { username: string }) => username)
  }

  test('never-used lists who has roles and never logged in, and since a moment also who did so before', async () => {
    expect(await names('never-used')).toEqual(['=2+5', 'never'])
    expect(await names('never-used', '--since', '90d')).toEqual(['=2+5', 'never', 'old'])
    expect(await names('never-used', '--since', '1d')).toEqual(['=2+5', 'never', 'old', 'recent'])
  })

  test('never-used has one row a person, with roles in their order', async () => {
    const { json } = await adminJson(['audit', 'never-used', '--since', '90d'], { env })
    expect(Object.keys(json[0])).toEqual(['username', 'source', 'role_arns', 'set_at', 'set_by', 'last_sso_login'])
    expect(json[1]).toMatchObject({ source: 'cli', role_arns: [scientist, analyst], last_sso_login: null })
    expect(json[2]).toMatchObject({ username: 'old', last_sso_login: expect.stringMatching(/Z$/) })
    const csv = await admin(['audit', 'never-used', '--format', 'csv'], { env })
    const [head, hostile, row] = csv.stdout.trim().split('\n')
    expect(head).toBe('username,source,role_arns,set_at,set_by,last_sso_login')
    expect(hostile).toMatch(/^'=2\+5,/)
    expect(row).toMatch(new RegExp(`^never,cli,"${scientist},${analyst}",20.*Z,`))
    const jsonl = await admin(['audit', 'never-used', '--format', 'jsonl'], { env })
    expect(jsonl.stdout.trim().split('\n')).toHaveLength(2)
    const table = await admin(['audit', 'never-used'], { env })
    expect(table.stdout).toMatch(/^USERNAME +SOURCE +ROLE ARNS +SET AT +SET BY +LAST SSO LOGIN\n/)
  })

  test('expiring lists what ends by then, the next one first', async () => {
    expect(await names('expiring')).toEqual(['old', '=2+5', 'recent'])
    expect(await names('expiring', '--within', '8h')).toEqual(['old'])
    expect(await names('expiring', '--within', '1m')).toEqual([])
    const { json } = await adminJson(['audit', 'expiring'], { env })
    expect(Object.keys(json[0])).toEqual(['username', 'source', 'role_arns', 'set_at', 'set_by', 'expires_at'])
  })

  test('expiring says where there is nothing, and refuses a time that is none', async () => {
    const none = await admin(['audit', 'expiring', '--within', '1m'], { env })
    expect(none).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringMatching(/^no assignment ends by 2.*Z\n$/),
    })
    expect((await adminJson(['audit', 'expiring', '--within', '2020-01-01'], { env })).exitCode).toBe(2)
    expect((await adminJson(['audit', 'never-used', '--since', 'soon'], { env })).exitCode).toBe(2)
  })
})

test('expiring of many who end in the same second lists each once, by searching the index over the ends', async () => {
  const database = new Database(':memory:')
  migrateSqlite(database)
  const people = 2500
  database.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${people})
    INSERT INTO users (id, username) SELECT i, 'user-' || i FROM n;
    INSERT INTO assignments (user_id, source, set_at, set_by, expires_at)
    SELECT id, 'cli', '2026-01-01T00:00:00Z', 'root', '2026-02-0' || (1 + id % 2) || 'T00:00:00Z' FROM users;
    ANALYZE`)
  const texts = new Map<string, readonly unknown[]>()
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database }),
    log: ({ query }) => void texts.set(query.sql, query.parameters),
  })
  const seen: string[] = []
  const [now, until] = [new Date('2026-01-15T00:00:00Z'), new Date('2026-03-01T00:00:00Z')].map(toInstant)
  if (now === undefined || until === undefined) throw new Error('two moments are two')
  for await (const batch of expiring(db, now, until)) seen.push(...batch.map(({ username }) => username))
  expect(new Set(seen).size).toBe(people)
  expect(seen).toHaveLength(people)
  const plans = [...texts].filter(([text]) => text.includes('"a"."expires_at"'))
  expect(plans).toHaveLength(2)
  for (const [text, parameters] of plans) {
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...parameters) as { detail: string }[]
    const details = steps.map(({ detail }) => detail)
    expect(details[0]).toMatch(/^SEARCH a USING INDEX assignments_by_end \(expires_at>\? AND expires_at<\?\)$/)
    expect(details.join('\n')).not.toMatch(/TEMP B-TREE|SCAN/)
  }
})
