import type { Database } from 'better-sqlite3'
import { AdminError } from '../../errors.ts'
import { pendingMigrations } from '../migration-check.ts'
import { migrationList } from '../migration-list.ts'

/** Marks a file as ours: "admn" (SQLite, PRAGMA application_id). */
export const APPLICATION_ID = 0x61646d6e

/** A file without any table, as `mktemp` makes it, may become a store. */
export function isEmpty(database: Database): boolean {
  return database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
}

/** @throws AdminError INVALID_DATABASE where the file belongs to another program */
export function refuseForeign(database: Database): void {
  if (database.pragma('application_id', { simple: true }) === APPLICATION_ID) return
  throw new AdminError('INVALID_DATABASE', `${database.name} is an SQLite database, but not a store of admin`)
}

/** For readers: the schema must be that of this version. Whether a step was edited only writers check, by its hash. */
export function refuseOtherSchema(database: Database): void {
  const applied = database.prepare<[], string>('SELECT name FROM migrations ORDER BY rowid').pluck().all()
  const named = (name: string) => ({ name, checksum: '' })
  const pending = pendingMigrations(
    migrationList.map(({ name }) => named(name)),
    applied.map(named),
  )
  refusePending(
    pending.map(({ name }) => name),
    database.name,
  )
}

/** @throws AdminError REFUSED_MIGRATIONS */
export function refusePending(pending: readonly string[], path: string): void {
  if (pending.length === 0) return
  const verb = pending.length === 1 ? 'is' : 'are'
  throw new AdminError(
    'REFUSED_MIGRATIONS',
    `the store ${path} is older than this version of admin: ${pending.join(', ')} ${verb} still to apply`,
    { suggestions: ['admin store backup FILE', 'admin store migrate'] },
  )
}
