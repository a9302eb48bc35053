import { setTimeout as sleep } from 'node:timers/promises'
import { type Compilable, Kysely, SqliteDialect, sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Tables } from '../tables.ts'
import { BUSY_TIMEOUT, openForReading, openForWriting, type SqliteDatabase } from './sqlite-connection.ts'
import { errorCode, translateSqliteError } from './sqlite-errors.ts'
import { refuseOtherSchema } from './sqlite-identity.ts'

const LARGEST_BATCH = 1024
/** SQLite spells its JSON as JSON.stringify does; where it does not, the event is looked at again. */
const CANONICAL_TEXT = sql<string | null>`previous_hash || char(10) || json_array(
  id, at, action, actor, actor_uid, host, username, "before", "after", reason, details)`
/** Milliseconds between two tries to write. */
const LONGEST_PAUSE = 50
/** In KiB. */
const SMALL_CACHE = 1000

/** `null` where there is no store yet. */
export async function openSqliteReader(path: string): Promise<Engine | null> {
  try {
    const database = openForReading(path)
    if (database === null) return null
    refuseOtherSchema(database)
    return sqliteEngine(path, database)
  } catch (error) {
    throw translateSqliteError(error, path)
  }
}

/** Makes the store where there is none. */
export async function openSqliteWriter(path: string): Promise<Engine> {
  try {
    return sqliteEngine(path, await openForWriting(path))
  } catch (error) {
    throw translateSqliteError(error, path)
  }
}

function sqliteEngine(path: string, database: SqliteDatabase): Engine {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  return {
    db,
    location: path,
    beginReading: async (connection) => void (await sql`BEGIN`.execute(connection)),
    // A transaction that reads first and writes later would fail at once when another one wrote between.
    beginWriting: (connection) =>
      takeTurns(() => withoutWaiting(database, async () => void (await sql`BEGIN IMMEDIATE`.execute(connection)))),
    waitToWrite: (work) =>
      takeTurns(() => db.connection().execute((connection) => withoutWaiting(database, () => work(connection)))),
    commit: async (connection) => void (await sql`COMMIT`.execute(connection)),
    storeTime: sql<number>`unixepoch()`,
    isOneOf: (text, values) => sql`${text} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`,
    // GLOB has brackets too, which our patterns have not.
    matchesPattern: (text, glob) => sql`${text} GLOB ${glob.text.replaceAll('[', '[[]')}`,
    stream: (query) => stream(database, query),
    canonicalText: CANONICAL_TEXT,
    // Pages that are not read twice need no memory of their own each: that was half of the time.
    expectFew: () => void database.pragma(`cache_size = -${SMALL_CACHE}`),
    bulk: async () => (await import('./sqlite-bulk.ts')).sqliteBulk(database),
    loader: async () => (await import('./sqlite-loader.ts')).sqliteLoader(database),
    translate: (error) => translateSqliteError(error, path),
    isConnectionLost: () => false,
    close: () => close(path, database),
  }
}

/** SQLite would wait without letting anything else go on: an answer of the network, and the clock, with it. */
async function takeTurns<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + BUSY_TIMEOUT
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await work()
    } catch (error) {
      if (!/^SQLITE_BUSY/.test(errorCode(error) ?? '') || performance.now() >= end) throw error
    }
    await sleep(pause)
  }
}

/** For whoever has the only connection to itself. */
async function withoutWaiting<T>(database: SqliteDatabase, work: () => Promise<T>): Promise<T> {
  database.pragma('busy_timeout = 0')
  try {
    return await work()
  } finally {
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT}`)
  }
}

/** Without Kysely in between, which makes three promises for each row. */
async function* stream<Row>(database: SqliteDatabase, query: Compilable<Row>): AsyncGenerator<readonly Row[]> {
  const { sql: text, parameters } = query.compile()
  let batch: Row[] = []
  let size = 1
  for (const row of database.prepare<unknown[], Row>(text).iterate(...parameters)) {
    if (batch.push(row) < size) continue
    yield batch
    batch = []
    size = Math.min(size * 2, LARGEST_BATCH)
  }
  if (batch.length > 0) yield batch
}

async function close(path: string, database: SqliteDatabase): Promise<void> {
  database.close()
  if (database.readonly) return
  const { leaveReadable } = await import('./sqlite-file.ts')
  leaveReadable(path)
}
