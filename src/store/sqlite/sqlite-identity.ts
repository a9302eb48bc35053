import type { Database } from 'better-sqlite3'
import { AdminError } from '../../errors.ts'
import { refuseOtherSteps } from '../migration-check.ts'
import { migrationList } from '../migration-list.ts'

/** Marks a file as ours: "admn" (SQLite, PRAGMA application_id). */
export const APPLICATION_ID = 0x61646d6e

/** Before an older store is brought up to date. */
export const HOW_TO_KEEP = 'admin store backup FILE'

/** A file without any table, as `mktemp` makes it, may become a store. */
export function isEmpty(database: Database): boolean {
  return database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
}

/** @throws AdminError INVALID_DATABASE where the file belongs to another program */
export function refuseForeign(database: Database): void {
  if (database.pragma('application_id', { simple: true }) === APPLICATION_ID) return
  throw new AdminError('INVALID_DATABASE', `${database.name} is an SQLite database, but not a store of admin`)
}

/** @throws AdminError REFUSED_MIGRATIONS */
export function refuseOtherSchema(database: Database): void {
  const applied = database.prepare<[], string>('SELECT name FROM migrations ORDER BY rowid').pluck().all()
  const known = migrationList.map(({ name }) => name)
  refuseOtherSteps(known, applied, database.name, HOW_TO_KEEP)
}
