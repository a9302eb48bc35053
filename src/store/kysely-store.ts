import { type Kysely, sql } from 'kysely'
import type { AssignmentSnapshot, AssignmentTransaction } from '../assignments/assignment-store.ts'
import type { AssignedPeople } from '../audit/assigned-people.ts'
import type { TokenVault } from '../sso/token-vault.ts'
import type { Engine } from './engine.ts'
import { findUser, knownRoles, roleHolders, usersFrom } from './read-assignments.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

/** A store on an engine: all that is not the engine's own. */
export function kyselyStore(engine: Engine): Store {
  const { db } = engine
  const guarded = <T>(work: () => Promise<T>) => translating(engine, work)
  const reading = <T>(work: () => Promise<T>) => guarded(() => onceMore(engine, work, () => true))
  return {
    location: engine.location,
    exists: true,
    isNew: false,
    findUser: (username) => reading(() => findUser(db, username)),
    knownRoles: () => reading(() => knownRoles(db)),
    roleHolders: (...query) => reading(() => roleHolders(db, ...query)),
    usersFrom: (...query) => reading(() => usersFrom(db, ...query)),
    snapshot: (work) => guarded(() => inTransaction(engine, (...begun) => snapshot(engine, ...begun, work))),
    transact: (work) => guarded(() => inTransaction(engine, (...begun) => transact(engine, ...begun, work))),
    events: (filter) =>
      guardedStream(
        engine,
        () => import('./event-table.ts'),
        (table) => table.events(engine, filter),
      ),
    eventRows: (range) =>
      guardedStream(
        engine,
        () => import('./event-table.ts'),
        (table) => table.eventRows(db, range),
      ),
    logHead: () => guarded(async () => (await import('./event-table.ts')).logHead(db)),
    evidence: (work) =>
      guarded(async () => {
        const { evidenceOf } = await import('./evidence.ts')
        return inTransaction(engine, (connection, onBegin) =>
          readingAtOnce(engine, connection, onBegin, () => work(evidenceOf(engine, connection))),
        )
      }),
    holdings: (filter, moment) =>
      guardedStream(
        engine,
        () => (moment.kind === 'now' ? import('./present-holdings.ts') : import('./past-holdings.ts')),
        (table) => table.holdings(engine, filter, moment.at),
      ),
    people: () =>
      guardedStream(
        engine,
        () => import('./known-people.ts'),
        (table) => table.people(engine),
      ),
    seenRoles: () =>
      guardedStream(
        engine,
        () => import('./known-people.ts'),
        (table) => table.seenRoles(engine),
      ),
    ...smallAudits(engine),
    ...vault(engine, reading),
    close: () => guarded(engine.close),
  }
}

/** On a connection that turns out to be gone before the work began, once more on another. */
function inTransaction<T>(
  engine: Engine,
  run: (connection: Kysely<Tables>, onBegin: () => void) => Promise<T>,
): Promise<T> {
  let hasBegun = false
  const onBegin = () => {
    hasBegun = true
  }
  const attempt = () => engine.db.connection().execute((connection) => run(connection, onBegin))
  return onceMore(engine, attempt, () => !hasBegun)
}

async function onceMore<T>(engine: Engine, work: () => Promise<T>, isSafe: () => boolean): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!engine.isConnectionLost(error) || !isSafe()) throw error
    return work()
  }
}

/** Who may use what, by the questions of the small audits. */
function smallAudits(engine: Engine): AssignedPeople {
  const load = () => import('./assigned-people.ts')
  return {
    peopleWithRoles: (...query) => guardedStream(engine, load, (people) => people.peopleWithRoles(engine.db, ...query)),
    neverUsed: (...query) => guardedStream(engine, load, (people) => people.neverUsed(engine.db, ...query)),
    expiring: (...query) => guardedStream(engine, load, (people) => people.expiring(engine.db, ...query)),
    heldRoles: (now) => translating(engine, async () => (await load()).heldRoles(engine.db, now)),
  }
}

/** Each of its statements may be sent again: the second time it changes nothing more. */
function vault(engine: Engine, once: <T>(work: () => Promise<T>) => Promise<T>): TokenVault {
  type Table = typeof import('./kept-tokens.ts')
  const reading = <T>(work: (tokens: Table) => Promise<T>) => once(async () => work(await import('./kept-tokens.ts')))
  const writing = <T>(work: (tokens: Table, db: Kysely<Tables>) => Promise<T>) =>
    reading((tokens) => engine.waitToWrite((connection) => work(tokens, connection)))
  return {
    keepTokens: (...kept) => writing((tokens, db) => tokens.keepTokens(db, ...kept)),
    findTokens: (username) => reading((tokens) => tokens.findTokens(engine.db, username)),
    keptLogins: () => reading((tokens) => tokens.keptLogins(engine.db)),
    claimTokens: async (username, seconds) => {
      const { newHolder } = await import('./kept-tokens.ts')
      const claim = { username, holder: newHolder() }
      return writing((tokens, db) => tokens.claimTokens({ ...engine, db }, claim, seconds))
    },
    replaceTokens: (...claimed) => writing((tokens, db) => tokens.replaceTokens(db, ...claimed)),
    forgetTokens: (claim) => writing((tokens, db) => tokens.forgetTokens(db, claim)),
    releaseTokens: (claim) => writing((tokens, db) => tokens.releaseTokens(db, claim)),
  }
}

async function snapshot<T>(
  engine: Engine,
  connection: Kysely<Tables>,
  onBegin: () => void,
  work: (snapshot: AssignmentSnapshot) => Promise<T>,
): Promise<T> {
  return readingAtOnce(engine, connection, onBegin, async () => work(await snapshotOf(engine, connection)))
}

/** All that is read meanwhile is of one moment. */
async function readingAtOnce<T>(
  engine: Engine,
  connection: Kysely<Tables>,
  onBegin: () => void,
  work: () => Promise<T>,
): Promise<T> {
  await engine.beginReading(connection)
  onBegin()
  try {
    return await work()
  } finally {
    await rollBack(connection)
  }
}

async function transact<T>(
  engine: Engine,
  connection: Kysely<Tables>,
  onBegin: () => void,
  work: (transaction: AssignmentTransaction) => Promise<T>,
): Promise<T> {
  const { forgetKeptTokens, putAssignment, putLogin } = await import('./write-assignments.ts')
  const { appendEvent, logHead } = await import('./event-table.ts')
  await engine.beginWriting(connection)
  onBegin()
  try {
    const result = await work({
      ...(await snapshotOf(engine, connection)),
      putAssignment: (username, next, setAt, setBy) => putAssignment(connection, username, next, setAt, setBy),
      putLogin: (username, login) => putLogin(connection, username, login),
      forgetKeptTokens: (username) => forgetKeptTokens(connection, username),
      appendEvent: (event) => appendEvent(connection, event),
      lastEventAt: async () => (await logHead(connection))?.at ?? null,
      lastEventId: async () => (await logHead(connection))?.id ?? 0,
    })
    await engine.commit(connection)
    return result
  } catch (error) {
    await rollBack(connection)
    throw error
  }
}

/** What is for many people at once is loaded when it is first needed. */
async function snapshotOf(
  engine: Engine,
  connection: Kysely<Tables>,
): Promise<AssignmentSnapshot & Pick<AssignmentTransaction, 'putSteps'>> {
  let loaded: ReturnType<Engine['bulk']> | undefined
  const bulk = () => {
    loaded ??= engine.bulk(connection)
    return loaded
  }
  return {
    findUser: (username) => findUser(connection, username),
    knownRoles: () => knownRoles(connection),
    roleHolders: (...query) => roleHolders(connection, ...query),
    usersFrom: (...query) => usersFrom(connection, ...query),
    findUsers: async (usernames) => (await bulk()).findUsers(usernames),
    noteNamed: async (usernames) => (await bulk()).noteNamed(usernames),
    unnamedCliUsers: async function* () {
      yield* (await bulk()).unnamedCliUsers()
    },
    putSteps: async (steps) => (await bulk()).putSteps(steps),
  }
}

/** An engine may have rolled back by itself (disk full, connection lost); that there is nothing left to undo is fine. */
async function rollBack(connection: Kysely<Tables>): Promise<void> {
  try {
    await sql`ROLLBACK`.execute(connection)
  } catch {
    return
  }
}

async function translating<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw engine.translate(error)
  }
}

async function* guardedStream<M, T>(
  engine: Engine,
  load: () => Promise<M>,
  stream: (module: M) => AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* streamOnceMore(engine, stream, await load())
  } catch (error) {
    throw engine.translate(error)
  }
}

/** Begins anew only where nothing was seen of it yet. */
async function* streamOnceMore<M, T>(
  engine: Engine,
  stream: (module: M) => AsyncIterable<T>,
  module: M,
): AsyncGenerator<T> {
  let hasYielded = false
  try {
    for await (const item of stream(module)) {
      hasYielded = true
      yield item
    }
  } catch (error) {
    if (hasYielded || !engine.isConnectionLost(error)) throw error
    yield* stream(module)
  }
}
