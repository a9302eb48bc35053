import { type Compilable, Kysely, PostgresDialect, sql } from 'kysely'
import type { Client } from 'pg'
import type { Glob } from '../../audit/glob.ts'
import { isConnectionLost } from '../../connection/postgres-failures.ts'
import type { PostgresLocation } from '../../connection/postgres-location.ts'
import type { Engine } from '../engine.ts'
import type { Tables } from '../tables.ts'
import { settleCommit } from './commit.ts'
import { translatePostgresError } from './postgres-errors.ts'
import type { Session } from './session.ts'
import { type SessionPool, sessionPool } from './session-pool.ts'
import { lockOutWriters } from './writers-lock.ts'

const BATCH = 1000

/** @param session the first connection; it is ended with the engine */
export async function postgresEngine(location: PostgresLocation, session: Session): Promise<Engine> {
  const { PatientCursor: cursor } = await import('./patient-cursor.ts')
  const pool = sessionPool(location, session)
  const xids = new WeakMap<Kysely<Tables>, string>()
  let isWriting = false
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool, cursor }) })
  return {
    db,
    location: location.name,
    beginReading: async (connection) =>
      void (await sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`.execute(connection)),
    waitToWrite: (work) => work(db),
    // READ COMMITTED: once the lock is ours, we see what the writer before us has committed.
    beginWriting: async (connection) => {
      isWriting = true
      await sql`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE`.execute(connection)
      const { rows } = await lockOutWriters((text) => sql.raw<{ xid: string }>(text).execute(connection))
      if (rows[0] !== undefined) xids.set(connection, rows[0].xid)
    },
    commit: async (connection) => {
      try {
        await commit(connection)
      } catch (error) {
        await settleCommit(location, xids.get(connection) ?? '', error)
      }
    },
    storeTime: sql<number>`extract(epoch FROM clock_timestamp())::bigint`,
    isOneOf: (text, values) => sql`${text} = ANY(${values})`,
    matchesPattern: (text, glob) => sql`${text} LIKE ${likePattern(glob)} ESCAPE '\\'`,
    stream: (query) => stream(db, query),
    canonicalText: null,
    expectFew: () => {},
    bulk: async (connection) => (await import('./postgres-bulk.ts')).postgresBulk(await clientOf(pool, connection)),
    loader: async (connection) =>
      (await import('./postgres-loader.ts')).postgresLoader(await clientOf(pool, connection)),
    translate: (error) => translatePostgresError(error, location, isWriting),
    isConnectionLost,
    close: () => pool.end(),
  }
}

/** A cursor on a connection of its own: what the server has not sent yet waits there. */
async function* stream<Row>(db: Kysely<Tables>, query: Compilable<Row>): AsyncGenerator<readonly Row[]> {
  for await (const { rows } of db.getExecutor().stream(query.compile(), BATCH)) yield rows as readonly Row[]
}

/** The driver's own object, for COPY, which Kysely does not know. */
async function clientOf(pool: SessionPool, connection: Kysely<Tables>): Promise<Client> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(connection)
  const session = pool.sessionOf(rows[0]?.pid ?? 0)
  if (session === undefined) throw new Error('a connection that is in use is not among those that are open')
  return session.client
}

/** PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement of the transaction had failed. */
async function commit(connection: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ command?: string }>`COMMIT`.execute(connection)
  if (rows[0]?.command === 'ROLLBACK') throw new Error('a transaction was committed after one of its statements failed')
}

function likePattern({ text }: Glob): string {
  return text
    .replaceAll(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_')
}
