import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { setRoleArns } from '../../../src/assignments/set.ts'
import { unsetRoleArns } from '../../../src/assignments/unset.ts'
import { parseUsername } from '../../../src/assignments/username.ts'
import { eventHash } from '../../../src/audit/hash-chain.ts'
import { isProven, type VerifyRequest, verifyLog } from '../../../src/audit/verify-log.ts'
import { locateStore } from '../../../src/cli/locate-store.ts'
import { systemClock, toInstant } from '../../../src/clock.ts'
import { parseRoleArnList } from '../../../src/iam/role-arn-list.ts'
import { openStore, type StoreAccess } from '../../../src/store/open-store.ts'
import type { Store } from '../../../src/store/store.ts'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { describeEngines, type TestEngine, type TestStore } from '../../support/engines.ts'

const directory = temporaryDirectory()

/** What somebody with all rights to the database can do: the triggers are no obstacle to them. */
async function tamper({ rows }: TestStore, name: TestEngine['name'], statements: readonly string[]): Promise<void> {
  const triggers = ['events_are_chained', 'events_are_not_updated', 'events_are_not_deleted']
  const unlock =
    name === 'sqlite'
      ? triggers.map((trigger) => `DROP TRIGGER IF EXISTS ${trigger}`)
      : ['ALTER TABLE events DISABLE TRIGGER USER']
  for (const statement of [...unlock, ...statements]) await rows(statement)
}

/** alice, bob, alice again, carol: four events. */
async function filledStore(engine: TestEngine): Promise<TestStore> {
  const store = await engine.newStore()
  if (engine.name === 'sqlite') makeEmptyFile(store.url)
  await inStore(store, 'write', async (opened) => {
    const set = (name: string, arns: string, days?: number) => setRoleArns(opened, request(name, arns, days))
    await set('alice', analyst)
    await set('bob', `${scientist},${engineer}`)
    await set('alice', engineer)
    await set('carol', analyst, 30)
  })
  return store
}

/** The file system's errors are none of this realm's: that there is no file yet could not be told. */
function makeEmptyFile(file: string): void {
  mkdirSync(dirname(file))
  writeFileSync(file, '')
}

function request(name: string, arns: string, days?: number) {
  const expiresAt = days === undefined ? null : toInstant(new Date(Date.now() + days * 86_400_000))
  const { roleArns } = parseRoleArnList(arns)
  const actor = { name: 'root', uid: 0, host: 'here' }
  const common = { force: false, isDryRun: false, reason: null, clock: systemClock, actor }
  return { ...common, username: parseUsername(name), roleArns, expiresAt }
}

async function inStore<T>(store: TestStore, access: StoreAccess, work: (opened: Store) => Promise<T>): Promise<T> {
  const opened = await openStore(await locateStore(store.url, () => {}), access)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** Without a process of its own: what the command prints of it is tested once. */
const verification = (store: TestStore, more: Partial<VerifyRequest> = {}) =>
  inStore(store, 'read', (opened) =>
    opened.evidence((evidence) => verifyLog(evidence, { expectedHead: null, isStateCompared: true, ...more })),
  )

const shift = (from: number) => [
  `UPDATE events SET id = id + 100 WHERE id >= ${from}`,
  `UPDATE events SET id = id - 99 WHERE id > 100`,
]
const unshift = ['UPDATE events SET id = id + 100 WHERE id > 2', 'UPDATE events SET id = id - 101 WHERE id > 100']
const swap = ['UPDATE events SET id = 99 WHERE id = 2', 'UPDATE events SET id = 2 WHERE id = 3']
const copyOf = (id: number, of: number, link: string, hash: string) =>
  `INSERT INTO events SELECT ${id}, at, action, 'mallory', actor_uid, host, username, before, after, reason, details, ${link}, ${hash} FROM events WHERE id = ${of}`

describeEngines('audit verify', (engine) => {
  let store: TestStore
  const verify = (...flags: string[]) => adminJson(['audit', 'verify', '--database', store.url, ...flags])
  const hashes = async () => (await store.rows('SELECT hash FROM events ORDER BY id')).map(({ hash }) => String(hash))

  beforeAll(async () => {
    store = await filledStore(engine)
  })

  test('finds a log that nobody touched whole, and what is assigned as it tells', async () => {
    const headHash = (await hashes())[3]
    const whole = { verified: 4, headHash, broken: null, expectedHead: null }
    expect(await verify()).toMatchObject({ exitCode: 0, json: { ...whole, state: null } })
    expect(await verify('--state')).toMatchObject({
      exitCode: 0,
      json: { ...whole, state: { assignments: 3, differs: null } },
    })
  })

  test('has exactly these keys', async () => {
    const { json } = await verify('--state', '--expect-head', String((await hashes())[0]))
    expect(Object.keys(json)).toEqual(['verified', 'headHash', 'broken', 'expectedHead', 'state'])
    expect([Object.keys(json.expectedHead), Object.keys(json.state)]).toEqual([
      ['hash', 'event'],
      ['assignments', 'differs'],
    ])
  })

  test('expects the head of some time ago, however it is typed, and the log may have grown', async () => {
    for (const [index, hash] of (await hashes()).entries()) {
      const { json, exitCode } = await verify('--expect-head', ` ${hash.toUpperCase()}\n`)
      expect({ exitCode, expected: json.expectedHead }).toEqual({ exitCode: 0, expected: { hash, event: index + 1 } })
    }
  })

  test('expects a head that is not there: exit 5', async () => {
    const hash = 'f'.repeat(64)
    const flags = ['--expect-head', hash]
    expect(await verify(...flags)).toMatchObject({ exitCode: 5, json: { expectedHead: { hash, event: null } } })
    const text = await admin(['audit', 'verify', '--database', store.url, ...flags])
    expect(text.stdout).toContain(
      `the event with hash ${hash} is not in the log: its end was cut off, or the log was made anew`,
    )
  })

  const tamperings: readonly (readonly [string, readonly string[], number, string])[] = [
    ['edited', ["UPDATE events SET actor = 'mallory' WHERE id = 2"], 2, 'edited'],
    [
      'edited in its states',
      ["UPDATE events SET after = replace(after, 'engineer', 'admin') WHERE id = 3"],
      3,
      'edited',
    ],
    ['renumbered', ['UPDATE events SET id = 9 WHERE id = 4'], 9, 'edited'],
    ['linked elsewhere', ["UPDATE events SET previous_hash = 'x' WHERE id = 3"], 3, 'edited'],
    ['deleted', ['DELETE FROM events WHERE id = 2'], 3, 'deleted'],
    ['deleted at the start', ['DELETE FROM events WHERE id = 1'], 2, 'deleted'],
    ['deleted, those behind it renumbered', ['DELETE FROM events WHERE id = 2', ...unshift], 2, 'deleted'],
    ['inserted', [...shift(2), copyOf(2, 1, "'x'", "'y'")], 2, 'inserted'],
    ['inserted before all', [copyOf(0, 1, "'x'", "'y'")], 0, 'inserted'],
    ['inserted behind all', [copyOf(5, 1, "'x'", "'y'")], 5, 'inserted'],
    ['reordered', [...swap, 'UPDATE events SET id = 3 WHERE id = 99'], 2, 'reordered'],
  ]
  test.each(tamperings)('names the first event that was %s', async (_, statements, id, kind) => {
    const own = await filledStore(engine)
    await tamper(own, engine.name, statements)
    const result = await verification(own)
    // A log that is not as it was written tells nothing of what is assigned.
    expect(result).toMatchObject({ broken: { id, kind }, state: null })
    expect(isProven(result)).toBe(false)
  })

  test('does not see a tail that was cut off, unless it knows the head', async () => {
    const own = await filledStore(engine)
    const expectedHead = (await inStore(own, 'read', (opened) => opened.logHead()))?.hash ?? null
    await tamper(own, engine.name, ['DELETE FROM events WHERE id = 4'])
    expect(isProven(await verification(own, { isStateCompared: false }))).toBe(true)
    const result = await verification(own, { expectedHead, isStateCompared: false })
    expect(result).toMatchObject({ verified: 3, broken: null, expectedHead: { hash: expectedHead, event: null } })
    expect(isProven(result)).toBe(false)
    // Unless what was assigned at the end was left as it was.
    expect((await verification(own)).state?.differs).toMatchObject({ username: 'carol', event: null })
  })

  test('sees that the log was made anew, also where it is whole in itself, by the head that was kept', async () => {
    const own = await filledStore(engine)
    const expectedHead = (await inStore(own, 'read', (opened) => opened.logHead()))?.hash ?? null
    const [last] = await own.rows('SELECT * FROM events WHERE id = 4')
    const forged = eventHash({ ...last, actor: 'mallory' } as unknown as Parameters<typeof eventHash>[0])
    await tamper(own, engine.name, [`UPDATE events SET actor = 'mallory', hash = '${forged}' WHERE id = 4`])
    expect(isProven(await verification(own, { isStateCompared: false }))).toBe(true)
    expect(isProven(await verification(own, { expectedHead, isStateCompared: false }))).toBe(false)
  })

  const alice = "(SELECT id FROM users WHERE username = 'alice')"
  const bob = "(SELECT id FROM users WHERE username = 'bob')"
  const scientistId = `(SELECT id FROM roles WHERE arn = '${scientist}')`
  const analystId = `(SELECT id FROM roles WHERE arn = '${analyst}')`
  const edits: readonly (readonly [string, readonly string[], object])[] = [
    [
      'was given a role more',
      [`INSERT INTO assignment_roles (user_id, position, role_id) VALUES (${alice}, 2, ${scientistId})`],
      { username: 'alice', event: 3, problem: expect.stringContaining(scientist) },
    ],
    [
      'has the roles in another order',
      [`UPDATE assignment_roles SET position = 9 WHERE user_id = ${bob} AND position = 1`],
      { username: 'bob', event: 2 },
    ],
    ['lost everything', [`DELETE FROM assignment_roles WHERE user_id = ${alice}`], { username: 'alice', event: 3 }],
    ['is not assigned any more', [`DELETE FROM assignments WHERE user_id = ${bob}`], { username: 'bob', event: 2 }],
    ['lasts for ever', ['UPDATE assignments SET expires_at = NULL'], { username: 'carol', event: 4 }],
    [
      'is governed by somebody else',
      [`UPDATE assignments SET source = 'sso' WHERE user_id = ${bob}`],
      { username: 'bob' },
    ],
    ['was set by another', [`UPDATE assignments SET set_by = 'mallory' WHERE user_id = ${bob}`], { username: 'bob' }],
    ['was set at another time', [`UPDATE assignments SET set_at = '2020-01-01T00:00:00Z'`], { username: 'alice' }],
    [
      'came from nowhere',
      [
        "INSERT INTO users (id, username) VALUES (77, 'mallory')",
        "INSERT INTO assignments (user_id, source, set_at, set_by) VALUES (77, 'cli', '2020-01-01T00:00:00Z', 'root')",
        `INSERT INTO assignment_roles (user_id, position, role_id) VALUES (77, 1, ${analystId})`,
      ],
      { username: 'mallory', event: null, problem: expect.stringContaining('the log tells no assignment') },
    ],
    ['is found by no role', ['DELETE FROM event_roles WHERE event_id = 3'], { username: null, event: 3 }],
    [
      'is found by filters in another account',
      [`UPDATE roles SET account_id = '999999999999' WHERE id = ${analystId}`],
      { username: null, event: null, problem: expect.stringContaining('999999999999') },
    ],
    [
      'belongs to somebody without a name',
      [
        "INSERT INTO users (id, username) VALUES (78, '')",
        "INSERT INTO assignments (user_id, source, set_at, set_by) VALUES (78, 'cli', '2020-01-01T00:00:00Z', 'root')",
      ],
      { username: '', event: null },
    ],
    [
      'is found by a role that it does not tell of',
      [`INSERT INTO event_roles (role_id, event_id) VALUES (${scientistId}, 1)`],
      { username: null, event: 1 },
    ],
    [
      'is found and is not there',
      [`INSERT INTO event_roles (role_id, event_id) VALUES (${scientistId}, 99)`],
      { username: null, event: null },
    ],
  ]
  test.each(edits)(
    '--state names whose assignment, or which event, %s behind the log',
    async (_, statements, differs) => {
      const own = await filledStore(engine)
      await tamper(own, engine.name, statements)
      expect(isProven(await verification(own, { isStateCompared: false }))).toBe(true)
      const result = await verification(own)
      expect(result.state?.differs).toMatchObject(differs)
      expect(isProven(result)).toBe(false)
    },
  )

  test('says what is wrong, with exit 5', async () => {
    const [edited, broken] = [await filledStore(engine), await filledStore(engine)]
    await tamper(edited, engine.name, [`DELETE FROM assignments WHERE user_id = ${bob}`])
    await tamper(broken, engine.name, ["UPDATE events SET actor = 'mallory' WHERE id = 2"])
    const run = (url: string) => admin(['audit', 'verify', '--state'], { env: { ADMIN_DATABASE: url } })
    expect(await run(edited.url)).toMatchObject({
      exitCode: 5,
      stderr: '',
      stdout: expect.stringContaining(
        'user "bob" is not as the log tells: the store holds no assignment, the log tells',
      ),
    })
    expect(await run(broken.url)).toMatchObject({
      exitCode: 5,
      stdout: 'event 2 is broken: its content does not match its hash: it was edited\n1 events before it are sound\n',
    })
  })

  test('--state knows assignments that ran out, were removed and came again', async () => {
    const own = await filledStore(engine)
    await inStore(own, 'write', async (opened) => {
      const unset = (name: string) => unsetRoleArns(opened, request(name, analyst))
      const set = (name: string, arns: string, days?: number) => setRoleArns(opened, request(name, arns, days))
      await unset('bob')
      await set('dan', analyst, 1 / 86_400)
      await unset('alice')
      await set('alice', `${engineer},${analyst}`)
      // Names that sort otherwise by the units of UTF-16.
      await set('\u{1f600}', analyst)
      await set('\uff21', analyst)
    })
    const { state } = await verification(own)
    expect(state).toEqual({ assignments: 5, differs: null })
  })
})

describeEngines('audit head', (engine) => {
  test('prints the hash of the newest event and nothing else', async () => {
    const store = await filledStore(engine)
    const [last] = await store.rows('SELECT hash, at FROM events WHERE id = 4')
    const run = await admin(['audit', 'head'], { env: { ADMIN_DATABASE: store.url } })
    expect(run).toMatchObject({ exitCode: 0, stdout: `${last?.hash}\n`, stderr: '' })
    const { json } = await adminJson(['audit', 'head', '--database', store.url])
    expect(json).toEqual({ events: 4, headHash: last?.hash, at: last?.at })
  })

  test('says so where there is no event, and prints nothing', async () => {
    const store = await engine.newStore()
    await admin(['store', 'migrate'], { env: { ADMIN_DATABASE: store.url } })
    const run = await admin(['audit', 'head'], { env: { ADMIN_DATABASE: store.url } })
    expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('the log has no events yet') })
    const { json } = await adminJson(['audit', 'head', '--database', store.url])
    expect(json).toEqual({ events: 0, headHash: null, at: null })
  })
})

describe('--expect-head', () => {
  test.each(['', 'abc', 'g'.repeat(64), 'f'.repeat(63), `${'f'.repeat(64)}\n${'f'.repeat(64)}`])(
    'refuses %j, which is no hash',
    async (hash) => {
      const env = { ADMIN_DATABASE: `${directory}/none.db` }
      const { json, exitCode } = await adminJson(['audit', 'verify', '--expect-head', hash], { env })
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'USAGE_FLAG' })
    },
  )
})
