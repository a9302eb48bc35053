import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Engine } from '../engine.ts'
import { kyselyStore } from '../kysely-store.ts'
import type { Store } from '../store.ts'
import type { Tables } from '../tables.ts'
import { openForReading, openForWriting, type SqliteDatabase } from './sqlite-connection.ts'
import { translateSqliteError } from './sqlite-errors.ts'
import { refuseOtherSchema } from './sqlite-identity.ts'

/** `null` where there is no store yet. */
export async function openSqliteReader(path: string): Promise<Store | null> {
  try {
    const database = openForReading(path)
    if (database === null) return null
    refuseOtherSchema(database)
    return kyselyStore(sqliteEngine(path, database))
  } catch (error) {
    throw translateSqliteError(error, path)
  }
}

export async function openSqliteStore(path: string): Promise<Store> {
  try {
    return kyselyStore(sqliteEngine(path, await openForWriting(path)))
  } catch (error) {
    throw translateSqliteError(error, path)
  }
}

function sqliteEngine(path: string, database: SqliteDatabase): Engine {
  return {
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }),
    location: path,
    beginReading: async (connection) => void (await sql`BEGIN`.execute(connection)),
    // A transaction that reads first and writes later would fail at once when another one wrote between.
    beginWriting: async (connection) => void (await sql`BEGIN IMMEDIATE`.execute(connection)),
    // GLOB has brackets too, which our patterns have not.
    matchesPattern: (text, glob) => sql`${text} GLOB ${glob.text.replaceAll('[', '[[]')}`,
    bulk: async () => (await import('./sqlite-bulk.ts')).sqliteBulk(database),
    translate: (error) => translateSqliteError(error, path),
    close: () => close(path, database),
  }
}

async function close(path: string, database: SqliteDatabase): Promise<void> {
  database.close()
  if (database.readonly) return
  const { leaveReadable } = await import('./sqlite-file.ts')
  leaveReadable(path)
}
