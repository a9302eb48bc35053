import { type Kysely, sql } from 'kysely'
import type { AssignmentSnapshot, AssignmentTransaction } from '../assignments/assignment-store.ts'
import type { Engine } from './engine.ts'
import { findUser, knownRoles, roleHolders } from './read-assignments.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

/** A store on an engine: all that is not the engine's own. */
export function kyselyStore(engine: Engine): Store {
  const { db } = engine
  const guarded = <T>(work: () => Promise<T>) => translating(engine, work)
  return {
    location: engine.location,
    exists: true,
    findUser: (username) => guarded(() => findUser(db, username)),
    knownRoles: () => guarded(() => knownRoles(db)),
    roleHolders: (...query) => guarded(() => roleHolders(db, ...query)),
    snapshot: (work) => guarded(() => db.connection().execute((connection) => snapshot(engine, connection, work))),
    transact: (work) => guarded(() => db.connection().execute((connection) => transact(engine, connection, work))),
    events: (filter) =>
      guardedStream(
        engine,
        () => import('./event-table.ts'),
        (table) => table.events(engine, filter),
      ),
    eventRows: () =>
      guardedStream(
        engine,
        () => import('./event-table.ts'),
        (table) => table.eventRows(db),
      ),
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
    close: () => guarded(engine.close),
  }
}

async function snapshot<T>(
  engine: Engine,
  connection: Kysely<Tables>,
  work: (snapshot: AssignmentSnapshot) => Promise<T>,
): Promise<T> {
  await engine.beginReading(connection)
  try {
    return await work(await snapshotOf(engine, connection))
  } finally {
    await rollBack(connection)
  }
}

async function transact<T>(
  engine: Engine,
  connection: Kysely<Tables>,
  work: (transaction: AssignmentTransaction) => Promise<T>,
): Promise<T> {
  const { putAssignment, putLogin } = await import('./write-assignments.ts')
  const { appendEvent, lastEventAt } = await import('./event-table.ts')
  await engine.beginWriting(connection)
  try {
    const result = await work({
      ...(await snapshotOf(engine, connection)),
      putAssignment: (username, next, setAt, setBy) => putAssignment(connection, username, next, setAt, setBy),
      putLogin: (username, login) => putLogin(connection, username, login),
      appendEvent: (event) => appendEvent(connection, event),
      lastEventAt: () => lastEventAt(connection),
    })
    await sql`COMMIT`.execute(connection)
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
    yield* stream(await load())
  } catch (error) {
    throw engine.translate(error)
  }
}
