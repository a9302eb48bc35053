import { expect, test } from '@jest/globals'
import type { Assignment } from '../../../src/assignments/assignment.ts'
import type { AssignmentStore, DecidedStep } from '../../../src/assignments/assignment-store.ts'
import { parseUsername, type Username } from '../../../src/assignments/username.ts'
import type { EventFilter } from '../../../src/audit/event-log.ts'
import { parseGlob } from '../../../src/audit/glob.ts'
import { verifyChain } from '../../../src/audit/verify-chain.ts'
import type { RoleArn } from '../../../src/iam/role-arn.ts'
import type { RoleSessionName } from '../../../src/iam/role-session-name.ts'
import type { Store } from '../../../src/store/store.ts'
import { describeEngines } from '../../support/engines.ts'
import { at, event, openAt } from '../../support/open-store.ts'

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}` as RoleArn
const cli = (...names: readonly string[]): Assignment => ({ source: 'cli', roleArns: names.map(role), expiresAt: null })
const sso = (...names: readonly string[]): Assignment => ({ source: 'sso', roleArns: names.map(role), expiresAt: null })
const alice = parseUsername('alice')

const everything: EventFilter = { users: [], roles: [], actors: [], actions: [], since: null, until: null, limit: null }

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

const put = (store: AssignmentStore, username: Username, next: Assignment | null, seconds = 0) =>
  store.transact((transaction) => transaction.putAssignment(username, next, at(seconds), 'root'))

function step(name: string, next: Assignment | null, before: Assignment | null = null, seconds = 0): DecidedStep {
  const username = parseUsername(name)
  return { username, next, event: event({ username, before, after: next, at: at(seconds) }) }
}

describeEngines('the port of the store', (engine) => {
  async function newStore(): Promise<Store> {
    return openAt((await engine.newStore()).url)
  }

  test('answers, where nobody has written, that there is nothing', async () => {
    const { url, location } = await engine.newStore()
    const store = await openAt(url, 'read')
    expect([store.exists, store.isNew, store.location]).toEqual([false, false, location])
    expect([await store.findUser(alice), await store.knownRoles()]).toEqual([null, []])
    expect([await all(store.events(everything)), await all(store.eventRows())]).toEqual([[], []])
  })

  test('is made by the first writer, and is there for the next', async () => {
    const { url } = await engine.newStore()
    const made = await openAt(url)
    expect([made.exists, made.isNew]).toEqual([true, true])
    expect([(await openAt(url)).isNew, (await openAt(url, 'read')).exists]).toEqual([false, true])
  })

  test('finds the names that begin with a text, in their order, and no more than so many', async () => {
    const store = await newStore()
    for (const name of ['alice', 'alina', 'Alice', 'bob', 'al']) await put(store, parseUsername(name), cli('a'))
    expect(await store.usersFrom('al', 9)).toEqual(['al', 'alice', 'alina'])
    expect(await store.usersFrom('al', 2)).toEqual(['al', 'alice'])
    expect(await store.usersFrom('A', 9)).toEqual(['Alice'])
  })

  test('keeps an assignment with its order, its end and who set it', async () => {
    const store = await newStore()
    const next: Assignment = { source: 'cli', roleArns: [role('b'), role('a'), role('c')], expiresAt: at(60) }
    await put(store, alice, next)
    expect(await store.findUser(alice)).toEqual({
      username: 'alice',
      assignment: { ...next, setAt: at(0), setBy: 'root' },
      login: null,
    })
  })

  test('replaces an assignment, and leaves none where the next is none', async () => {
    const store = await newStore()
    await put(store, alice, cli('a', 'b'))
    await put(store, alice, sso('b'), 1)
    expect((await store.findUser(alice))?.assignment).toEqual({ ...sso('b'), setAt: at(1), setBy: 'root' })
    await put(store, alice, sso())
    expect((await store.findUser(alice))?.assignment).toMatchObject({ source: 'sso', roleArns: [] })
    await put(store, alice, null)
    expect(await store.findUser(alice)).toEqual({ username: 'alice', assignment: null, login: null })
  })

  test('keeps the last login beside the assignment', async () => {
    const store = await newStore()
    const login = { subject: 'sub|1', roleSessionName: 'alice@x' as RoleSessionName, tokenIssuedAt: at(1), at: at(2) }
    await store.transact((transaction) => transaction.putLogin(alice, { ...login, subject: 'older' }))
    await store.transact((transaction) => transaction.putLogin(alice, login))
    expect(await store.findUser(alice)).toEqual({ username: 'alice', assignment: null, login })
  })

  test('tells apart people whose names differ in case or accent only', async () => {
    const store = await newStore()
    const names = ['jose', 'Jose', 'josé', 'JOSÉ'].map(parseUsername)
    for (const [index, name] of names.entries()) await put(store, name, cli(`role-${index}`))
    const found = await Promise.all(names.map((name) => store.findUser(name)))
    expect(found.map((user) => user?.assignment?.roleArns)).toEqual(names.map((_, index) => [role(`role-${index}`)]))
  })

  test('sorts by code point, whatever the language of the server', async () => {
    const store = await newStore()
    const names = ['b', 'B', 'a', 'Z', '_', '0', 'é', '\u{1f600}', '\uffee'].map(parseUsername)
    for (const name of names) await put(store, name, cli('shared', 'r_b', 'rB', 'ra'))
    const points = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0)
    const sorted = names.toSorted((left, right) => (points(left)[0] ?? 0) - (points(right)[0] ?? 0))
    const holders = await store.roleHolders(role('shared'), at(0), 100)
    expect(holders.map(({ username }) => username)).toEqual(sorted)
    expect(await store.knownRoles()).toEqual(['rB', 'r_b', 'ra', 'shared'].map(role))
    const unnamed = await store.snapshot((snapshot) => all(snapshot.unnamedCliUsers()))
    expect(unnamed.flat().map(({ username }) => username)).toEqual(sorted)
  })

  test('tells who holds a role: not those whose time has run out, and at most so many', async () => {
    const store = await newStore()
    await put(store, parseUsername('early'), { source: 'cli', roleArns: [role('r')], expiresAt: at(10) })
    await put(store, parseUsername('late'), { source: 'cli', roleArns: [role('r')], expiresAt: at(11) })
    await put(store, parseUsername('never'), sso('r', 's'))
    const names = async (arn: string, most: number) =>
      (await store.roleHolders(role(arn), at(10), most)).map(({ username }) => username)
    expect([await names('r', 9), await names('r', 1), await names('none', 9)]).toEqual([
      ['late', 'never'],
      ['late'],
      [],
    ])
  })

  test('keeps nothing of a transaction that failed', async () => {
    const store = await newStore()
    await put(store, alice, cli('a'))
    const failed = store.transact(async (transaction) => {
      await transaction.putAssignment(alice, null, at(1), 'root')
      await transaction.putSteps([step('bob', cli('b'))])
      await transaction.appendEvent(event())
      throw new Error('changed my mind')
    })
    await expect(failed).rejects.toThrow('changed my mind')
    expect((await store.findUser(alice))?.assignment?.roleArns).toEqual([role('a')])
    expect([await store.findUser(parseUsername('bob')), await all(store.eventRows())]).toEqual([null, []])
    expect(await store.knownRoles()).toEqual([role('a')])
  })

  test('refuses what would break a rule of its tables, and keeps nothing of it', async () => {
    const store = await newStore()
    const wrong = { source: 'sso', roleArns: [], expiresAt: at(5) } as unknown as Assignment
    await expect(put(store, alice, wrong)).rejects.toThrow()
    expect(await store.findUser(alice)).toBe(null)
  })

  test('chains its events, also over the pages in which they are read', async () => {
    const store = await newStore()
    await store.transact(async (transaction) => {
      expect(await transaction.lastEventAt()).toBe(null)
      for (let index = 0; index < 1100; index += 1) await transaction.appendEvent(event({ at: at(index) }))
      expect(await transaction.lastEventAt()).toBe(at(1099))
    })
    expect(await verifyChain(store.eventRows())).toMatchObject({ verified: 1100, broken: null })
    const listed = await all(store.events({ ...everything, limit: 1050 }))
    expect(listed.map(({ id }) => id)).toEqual(Array.from({ length: 1050 }, (_, index) => 1100 - index))
  })

  test('keeps an event as it was told', async () => {
    const store = await newStore()
    const told = event({
      actorUid: 4_294_967_294,
      username: null,
      before: { source: 'cli', roleArns: [role('a')], expiresAt: at(9) },
      after: { source: 'sso', roleArns: [], expiresAt: null },
      reason: 'a "reason" \\N with \\ and \t and 100% _of_ \u202e it',
      details: { outcome: 'overridden', depth: { list: [1, null] } },
    })
    await put(store, alice, cli('a'))
    await store.transact((transaction) => transaction.appendEvent(told))
    expect(await all(store.events(everything))).toMatchObject([{ id: 1, ...told }])
  })

  test.each<[string, Partial<EventFilter>, readonly number[]]>([
    ['a name', { users: [parseGlob('alice')] }, [1]],
    ['either of two names', { users: [parseGlob('alice'), parseGlob('bob')] }, [2, 1]],
    ['a beginning', { users: [parseGlob('a*')] }, [3, 1]],
    ['a pattern without a beginning', { users: [parseGlob('*_c*')] }, [4, 3]],
    ['one character, however many bytes', { users: [parseGlob('?_c')] }, [4]],
    ['what is a wildcard for others only', { users: [parseGlob('a%_[c]*')] }, []],
    ['case as it is', { users: [parseGlob('A*')] }, []],
    ['a role before or after', { roles: [parseGlob('*/x')] }, [2, 1]],
    ['roles by a beginning', { roles: [parseGlob(`${role('x')}*`)] }, [3, 2, 1]],
    ['an actor', { actors: [parseGlob('r*')] }, [4, 2, 1]],
    ['an action', { actions: ['unset', 'expire'] }, [2]],
    ['a time, both ends included', { since: at(1), until: at(2) }, [3, 2]],
    ['conditions that must all hold', { roles: [parseGlob('*x*')], actors: [parseGlob('r*')], limit: 1 }, [2]],
    ['the last of them', { limit: 2 }, [4, 3]],
  ])('finds events by %s', async (_, filter, ids) => {
    const store = await newStore()
    const events = [
      event({ username: 'alice', after: cli('x') }),
      event({ username: 'bob', action: 'unset', before: cli('x'), at: at(1) }),
      event({ username: 'a%_cd', after: cli('xx'), at: at(2), actor: 'sudo-less' }),
      event({ username: '\u{1f600}_c', at: at(3) }),
    ]
    await put(store, alice, cli('x', 'xx'))
    await store.transact(async (transaction) => {
      for (const told of events) await transaction.appendEvent(told)
    })
    expect((await all(store.events({ ...everything, ...filter }))).map(({ id }) => id)).toEqual(ids)
  })

  test('finds many people as it finds each', async () => {
    const store = await newStore()
    const names = Array.from({ length: 300 }, (_, index) => parseUsername(`user-${index}`))
    const assigned = names.filter((_, index) => index % 3 !== 0)
    const seen = names.filter((_, index) => index % 5 === 0)
    await store.transact(async (transaction) => {
      for (const [index, name] of assigned.entries())
        await transaction.putAssignment(name, index % 2 ? cli('b', 'a') : sso(), at(index), 'me')
      for (const name of seen)
        await transaction.putLogin(name, { subject: name, roleSessionName: null, tokenIssuedAt: at(1), at: at(2) })
    })
    const one = await Promise.all(names.map((name) => store.findUser(name)))
    const many = await store.snapshot((snapshot) => snapshot.findUsers([...names, parseUsername('nobody')]))
    expect(many).toEqual(new Map(one.flatMap((user) => (user === null ? [] : [[user.username, user]]))))
  })

  test('tells whose roles were set here and who was not named', async () => {
    const store = await newStore()
    await store.transact((transaction) =>
      transaction.putSteps([step('a', cli('r')), step('b', sso('r')), step('c', cli()), step('d', cli('r', 's'))]),
    )
    const rest = await store.transact(async (transaction) => {
      await transaction.noteNamed([parseUsername('a'), parseUsername('never-seen')])
      await transaction.noteNamed([])
      return all(transaction.unnamedCliUsers())
    })
    expect(rest.flat().map(({ username, assignment }) => [username, assignment?.roleArns])).toEqual([
      ['c', []],
      ['d', [role('r'), role('s')]],
    ])
    const again = await store.snapshot((snapshot) => all(snapshot.unnamedCliUsers()))
    expect(again.flat().map(({ username }) => username)).toEqual(['a', 'c', 'd'])
  })

  test('takes many steps as it takes each: state, log and hashes are the same', async () => {
    const [bulk, single] = [await engine.newStore(), await engine.newStore()]
    const hostile = ['tab\\t', 'é"\'', '\\N', '\u{1f600}', 'x'.repeat(256), '%_', '=cmd|x']
    const steps = [
      ...hostile.map((name) => step(name, cli('a', 'b'))),
      step('alice', cli('b')),
      step('alice', null, cli('b'), 1),
      step('alice', { source: 'cli', roleArns: [role('c'), role('a')], expiresAt: at(99) }, null, 2),
      ...hostile.slice(1).map((name) => step(name, name === '%_' ? null : sso('c'), cli('a', 'b'), 3)),
    ]
    const store = await openAt(bulk.url)
    await store.transact((transaction) => transaction.putSteps(steps.slice(0, 9)))
    await store.transact((transaction) => transaction.putSteps(steps.slice(9)))
    await (await openAt(single.url)).transact(async (transaction) => {
      for (const { username, next, event: told } of steps) {
        await transaction.putAssignment(username, next, told.at, told.actor)
        await transaction.appendEvent(told)
      }
    })
    for (const query of queries) expect(await bulk.rows(query)).toEqual(await single.rows(query))
    expect(await verifyChain(store.eventRows())).toMatchObject({ verified: steps.length, broken: null })
  })

  test('lets a reader see one moment, whatever others write meanwhile', async () => {
    const { url } = await engine.newStore()
    const [reader, writer] = [await openAt(url), await openAt(url)]
    await put(writer, alice, cli('a'))
    await reader.snapshot(async (snapshot) => {
      expect((await snapshot.findUser(alice))?.assignment?.roleArns).toEqual([role('a')])
      await put(writer, alice, cli('b'))
      expect((await snapshot.findUser(alice))?.assignment?.roleArns).toEqual([role('a')])
      expect(await snapshot.knownRoles()).toEqual([role('a')])
    })
    expect((await reader.findUser(alice))?.assignment?.roleArns).toEqual([role('b')])
  })

  test('refuses, by its own rules, an event that is changed, removed or out of order', async () => {
    const { url, rows } = await engine.newStore()
    const store = await openAt(url)
    await store.transact((transaction) => transaction.appendEvent(event()))
    const columns = 'at, action, actor, actor_uid, host, previous_hash, hash'
    for (const statement of [
      "UPDATE events SET reason = 'none'",
      'DELETE FROM events',
      `INSERT INTO events (id, ${columns}) SELECT 3, ${columns} FROM events`,
      `INSERT INTO events (id, ${columns}) SELECT 2, ${columns} FROM events`,
    ])
      await expect((async () => rows(statement))()).rejects.toThrow(/append-only|follow the last one/)
  })
})

const queries = [
  'SELECT username, source, set_at, set_by, expires_at FROM users LEFT JOIN assignments ON user_id = users.id ORDER BY username',
  'SELECT username, position, arn FROM assignment_roles ar JOIN users ON users.id = user_id JOIN roles ON roles.id = role_id ORDER BY username, position',
  'SELECT * FROM events ORDER BY id',
  'SELECT arn, event_id FROM event_roles JOIN roles ON roles.id = role_id ORDER BY arn, event_id',
]
