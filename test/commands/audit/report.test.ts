import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { describeEngines } from '../../support/engines.ts'
import { seedStore } from '../../support/seeded-store.ts'
import { sqlite, tamper } from '../../support/sqlite.ts'
import { newStore } from '../../support/store.ts'
import { atTerminal } from '../../support/terminal.ts'

const directory = temporaryDirectory()
const database = join(directory, 'seeded.db')
const env = { ADMIN_DATABASE: database }

beforeAll(() => seedStore(database, 300))

function newFile(): string {
  return join(directory, `${randomUUID()}.html`)
}

interface AssignmentRow {
  readonly username: string
  readonly role_arn: string
  readonly account_id: string
  readonly source: string
  readonly expires_at: string | null
}

describe('audit report', () => {
  test('writes a file for its owner only, and says what is in it', async () => {
    const file = newFile()
    const run = await admin(['audit', 'report', '--output', file], { env })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(run.stdout).toContain(`wrote ${file} (${statSync(file).size} bytes)`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>\n[\s\S]*<\/html>\n$/)
  })

  test('gives as JSON the file, its size, the head of the log, the figures, and how much was found', async () => {
    const file = newFile()
    const { json } = await adminJson(['audit', 'report', '--output', file], { env })
    const head = sqlite(
      database,
      'SELECT count(*) AS events, (SELECT hash FROM events ORDER BY id DESC LIMIT 1) AS hash FROM events',
    )
    expect(Object.keys(json)).toEqual(['file', 'bytes', 'madeAt', 'store', 'figures', 'findings'])
    expect(json).toMatchObject({ file, bytes: statSync(file).size })
    expect(json.store).toEqual({
      location: database,
      events: head[0].events,
      headHash: head[0].hash,
      verified: true,
    })
  })

  test('counts what audit assignments lists', async () => {
    const { json } = await adminJson(['audit', 'report', '--output', newFile()], { env })
    const rows: readonly AssignmentRow[] = (await adminJson(['audit', 'assignments'], { env })).json
    const distinct = (of: (row: AssignmentRow) => string, some = rows) => new Set(some.map(of)).size
    const soon = new Date(Date.now() + 30 * 86_400_000).toISOString()
    expect(rows.length).toBeGreaterThan(400)
    expect(json.figures).toMatchObject({
      pairs: rows.length,
      people: distinct(({ username }) => username),
      roles: distinct(({ role_arn }) => role_arn),
      accounts: distinct(({ account_id }) => account_id),
      setByCli: distinct(
        ({ username }) => username,
        rows.filter(({ source }) => source === 'cli'),
      ),
      setBySso: distinct(
        ({ username }) => username,
        rows.filter(({ source }) => source === 'sso'),
      ),
      expiringSoon: distinct(
        ({ username }) => username,
        rows.filter(({ expires_at }) => expires_at !== null && expires_at <= soon),
      ),
    })
  })

  test('counts logins, changes, and what was forced as the tables of the store tell', async () => {
    const { json } = await adminJson(['audit', 'report', '--output', newFile()], { env })
    const ago = (days: number) => `strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-${days} days')`
    const holders = `FROM users u JOIN assignments a ON a.user_id = u.id
      WHERE EXISTS (SELECT 1 FROM assignment_roles r WHERE r.user_id = u.id)
        AND (a.expires_at IS NULL OR a.expires_at > strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))`
    const [counts] = sqlite(
      database,
      `SELECT (SELECT count(*) ${holders} AND u.last_sso_login IS NULL) AS never,
        (SELECT count(*) ${holders} AND u.last_sso_login < ${ago(90)}) AS lately,
        (SELECT count(*) FROM events WHERE "before" IS NOT "after" AND at >= ${ago(30)}) AS changes,
        (SELECT count(*) ${holders} AND a.source = 'cli' AND (
          SELECT json_extract("before", '$.source') FROM events e
          WHERE e.username = u.username AND "before" IS NOT "after" ORDER BY id DESC LIMIT 1) = 'sso') AS forced`,
    )
    expect(counts.forced).toBeGreaterThan(0)
    expect(json.figures).toMatchObject({
      neverLoggedIn: counts.never,
      recentChanges: counts.changes,
      forced: counts.forced,
    })
    expect(json.findings).toMatchObject({
      'never-logged-in': counts.never,
      'not-lately': counts.lately,
      forced: counts.forced,
    })
  })

  test('tells on a terminal what it is doing when that takes longer than a second', async () => {
    const place = join(directory, randomUUID())
    mkdirSync(place)
    writeFileSync(join(place, 'getent'), '#!/bin/sh\nsleep 2\n', { mode: 0o755 })
    const { screen, exitCode } = await atTerminal(
      ['audit', 'report', '--output', newFile()],
      [{ expect: 'asking this host who has an account …' }, { expect: 'wrote ' }],
      { env: { ADMIN_DATABASE: await newStore(directory), PATH: `${place}:${process.env.PATH}` } },
    )
    expect(exitCode).toBe(0)
    expect(screen).toContain('wrote ')
  })

  test('goes to standard output with --output -, and nothing else does', async () => {
    const run = await admin(['audit', 'report', '--output', '-', '--title', 'To the auditor'], { env })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(run.stdout).toMatch(/^<!doctype html>[\s\S]*<title>To the auditor<\/title>[\s\S]*<\/html>\n$/)
    expect(await adminJson(['audit', 'report', '--output', '-'], { env })).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'USAGE_FLAG' } },
    })
  })

  test('never overwrites a file', async () => {
    const file = newFile()
    writeFileSync(file, 'mine')
    const { exitCode, json } = await adminJson(['audit', 'report', '--output', file], { env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_FILE_EXISTS' })
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('of a store that is not there is exit 4, and leaves no page that looks like an empty one', async () => {
    const file = newFile()
    const { exitCode } = await admin(['audit', 'report', '--output', file, '--database', join(directory, 'none.db')])
    expect({ exitCode, isThere: existsSync(file) }).toEqual({ exitCode: 4, isThere: false })
  })

  const forgeries = [
    ['the log was edited', `UPDATE events SET actor = 'nobody' WHERE id = 1`, 'chain broken at event 1'],
    [
      'an assignment was edited behind the log',
      `UPDATE assignments SET set_by = 'nobody'`,
      'is not what the log tells',
    ],
  ] as const
  test.each(forgeries)('says where %s, with exit 5', async (_, statement, words) => {
    const [forged, file] = [await newStore(directory), newFile()]
    tamper(forged, statement)
    const { exitCode, json } = await adminJson(['audit', 'report', '--output', file, '--database', forged])
    expect({ exitCode, verified: json.store.verified }).toEqual({ exitCode: 5, verified: false })
    expect(readFileSync(file, 'utf8')).toContain(words)
  })
})

describeEngines('a report', ({ newStore: newStoreOf }) => {
  test('finds two people with one subject, a role that nobody holds any more, who has run out, and who has no account', async () => {
    const { url, location, rows } = await newStoreOf()
    const store = { env: { ADMIN_DATABASE: url } }
    const steps = [
      ['alice', analyst],
      ['root', engineer],
      ['bob', `${engineer},${scientist}`],
      ['bob', engineer],
      ['carol', analyst],
    ] as const
    for (const [name, roles] of steps) await admin(['set-aws-role-arns', name, roles], store)
    await rows(`UPDATE users SET subject = '4711' WHERE username IN ('root', 'bob')`)
    await rows(
      `UPDATE assignments SET expires_at = '2020-01-01T00:00:00Z' WHERE user_id = (SELECT id FROM users WHERE username = 'carol')`,
    )
    const { json } = await adminJson(['audit', 'report', '--output', newFile()], store)
    expect(json.store).toMatchObject({ location, events: 5, verified: false })
    expect(json.figures).toMatchObject({ people: 3, pairs: 3, roles: 2, setByCli: 3, recentChanges: 5 })
    expect(json.findings).toMatchObject({ 'shared-subject': 2, 'unheld-role': 1, expired: 1, 'no-account': 2 })
  })
})
