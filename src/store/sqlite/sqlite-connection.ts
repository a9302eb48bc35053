import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { refusePending } from '../migration-check.ts'
import { refuseNetworkFileSystem } from './file-system.ts'
import { HOW_TO_KEEP, isEmpty, refuseForeign } from './sqlite-identity.ts'
import { refuseUnreadable, statDatabase } from './stat-database.ts'

/** Milliseconds that a command waits for others to finish writing before it says that the store is locked. */
export const BUSY_TIMEOUT = 30_000

export type SqliteDatabase = Database.Database

/** `null` where there is no store yet. */
export function openForReading(path: string): SqliteDatabase | null {
  if (statDatabase(path) === null) return null
  refuseUnreadable(path)
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT })
  return closingOnError(database, () => {
    if (isEmpty(database)) {
      database.close()
      return null
    }
    refuseForeign(database)
    return database
  })
}

/** Opens the store for writing. Where there is none, a whole one is born first. */
export async function openForWriting(path: string): Promise<SqliteDatabase> {
  const { migrateSqlite, pendingNames } = await import('./sqlite-migrations.ts')
  await prepareFile(path, migrateSqlite)
  const database = connect(path)
  return closingOnError(database, () => {
    if (isEmpty(database)) migrateSqlite(database)
    refusePending(pendingNames(database), path, HOW_TO_KEEP)
    return database
  })
}

/** As {@link openForWriting}, but brings an older store up to date; answers what it applied. */
export async function openAndMigrate(path: string): Promise<{ database: SqliteDatabase; applied: readonly string[] }> {
  const { migrateSqlite } = await import('./sqlite-migrations.ts')
  const applied: string[] = []
  const migrate = (database: SqliteDatabase) => void applied.push(...migrateSqlite(database))
  await prepareFile(path, migrate)
  const database = connect(path)
  return closingOnError(database, () => {
    migrate(database)
    return { database, applied }
  })
}

/** There is a file to open: whole, on a disk where SQLite can lock, under one name. */
async function prepareFile(path: string, migrate: (database: SqliteDatabase) => void): Promise<void> {
  const stats = statDatabase(path)
  if (stats === null) await createStore(path, migrate)
  refuseNetworkFileSystem(dirname(path))
  if (stats !== null && stats.nlink > 1) (await import('./sqlite-file.ts')).removeAbandonedFiles(path)
}

async function createStore(path: string, migrate: (database: SqliteDatabase) => void): Promise<void> {
  const { createDatabaseFile, createStoreDirectory, removeAbandonedFiles } = await import('./sqlite-file.ts')
  createStoreDirectory(path)
  refuseNetworkFileSystem(dirname(path))
  createDatabaseFile(path, (temporary) => {
    const database = connect(temporary)
    try {
      migrate(database)
      emptyLog(database)
    } finally {
      database.close()
    }
  })
  removeAbandonedFiles(path)
}

/** Puts all that was written into the file itself; closing does that too, but says nothing where the disk is full. */
function emptyLog(database: SqliteDatabase): void {
  const left = database.pragma('wal_checkpoint(TRUNCATE)', { simple: true })
  if (left !== 0) throw new Error(`the write-ahead log of ${database.name} was not emptied`)
}

function connect(path: string): SqliteDatabase {
  const database = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT })
  return closingOnError(database, () => {
    if (!isEmpty(database)) refuseForeign(database)
    // FULL: what a person was told has happened must survive a power cut (SQLite, PRAGMA synchronous).
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    if (database.pragma('journal_mode', { simple: true }) !== 'wal') database.pragma('journal_mode = WAL')
    return database
  })
}

function closingOnError<T>(database: SqliteDatabase, work: () => T): T {
  try {
    return work()
  } catch (error) {
    database.close()
    throw error
  }
}
