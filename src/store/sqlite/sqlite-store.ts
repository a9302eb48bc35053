import { Kysely, SqliteDialect, sql } from 'kysely'
import type { AssignmentTransaction } from '../../assignments/assignment-store.ts'
import { findUser, knownRoles, roleHolders } from '../read-assignments.ts'
import type { Store } from '../store.ts'
import type { Tables } from '../tables.ts'
import { openForReading, openForWriting, type SqliteDatabase } from './sqlite-connection.ts'
import { translateSqliteError } from './sqlite-errors.ts'
import { refuseOtherSchema } from './sqlite-identity.ts'

/** `null` where there is no store yet. */
export async function openSqliteReader(path: string): Promise<Store | null> {
  const database = translating(path, () => openForReading(path))
  if (database === null) return null
  translating(path, () => refuseOtherSchema(database))
  return toStore(path, database)
}

export async function openSqliteStore(path: string): Promise<Store> {
  const database = await translating(path, () => openForWriting(path))
  return toStore(path, database)
}

function toStore(path: string, database: SqliteDatabase): Store {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  const guarded = <T>(work: () => Promise<T>) => translating(path, work)
  return {
    location: path,
    exists: true,
    findUser: (username) => guarded(() => findUser(db, username)),
    knownRoles: () => guarded(() => knownRoles(db)),
    roleHolders: (...query) => guarded(() => roleHolders(db, ...query)),
    transact: (work) => guarded(() => db.connection().execute((connection) => inTransaction(connection, work))),
    events: (filter) =>
      guardedStream(
        path,
        () => import('../event-table.ts'),
        (table) => table.events(db, filter),
      ),
    eventRows: () =>
      guardedStream(
        path,
        () => import('../event-table.ts'),
        (table) => table.eventRows(db),
      ),
    close: () => guarded(() => close(path, database)),
  }
}

/** `BEGIN IMMEDIATE`: a transaction that reads first and writes later would fail at once when another one wrote between. */
async function inTransaction<T>(
  db: Kysely<Tables>,
  work: (transaction: AssignmentTransaction) => Promise<T>,
): Promise<T> {
  const { putAssignment, putLogin } = await import('../write-assignments.ts')
  const { appendEvent, lastEventAt } = await import('../event-table.ts')
  await sql`BEGIN IMMEDIATE`.execute(db)
  try {
    const result = await work({
      findUser: (username) => findUser(db, username),
      knownRoles: () => knownRoles(db),
      roleHolders: (...query) => roleHolders(db, ...query),
      putAssignment: (username, next, setAt, setBy) => putAssignment(db, username, next, setAt, setBy),
      putLogin: (username, login) => putLogin(db, username, login),
      appendEvent: (event) => appendEvent(db, event),
      lastEventAt: () => lastEventAt(db),
    })
    await sql`COMMIT`.execute(db)
    return result
  } catch (error) {
    await rollBack(db)
    throw error
  }
}

/** SQLite itself has rolled back after some errors (disk full, I/O); that there is nothing left to undo is fine. */
async function rollBack(db: Kysely<Tables>): Promise<void> {
  try {
    await sql`ROLLBACK`.execute(db)
  } catch {
    return
  }
}

async function close(path: string, database: SqliteDatabase): Promise<void> {
  database.close()
  if (database.readonly) return
  const { leaveReadable } = await import('./sqlite-file.ts')
  leaveReadable(path)
}

function translating<T>(path: string, work: () => T): T {
  try {
    const result = work()
    return result instanceof Promise
      ? (result.catch((error) => Promise.reject(translateSqliteError(error, path))) as T)
      : result
  } catch (error) {
    throw translateSqliteError(error, path)
  }
}

async function* guardedStream<M, T>(
  path: string,
  load: () => Promise<M>,
  stream: (module: M) => AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* stream(await load())
  } catch (error) {
    throw translateSqliteError(error, path)
  }
}
