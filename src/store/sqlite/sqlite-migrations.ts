import { hash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Migration } from '../migration.ts'
import { type AppliedMigration, pendingMigrations } from '../migration-check.ts'
import { migrationList } from '../migration-list.ts'
import { APPLICATION_ID, isEmpty, refuseForeign } from './sqlite-identity.ts'

interface SqliteMigration extends AppliedMigration {
  readonly sql: string
}

/**
 * Applies the steps still to do, all or none, and answers their names. Safe when two processes start at once: the
 * second waits for the write lock and then finds nothing to do.
 *
 * @throws AdminError REFUSED_MIGRATIONS, INVALID_DATABASE where the file belongs to something else
 */
export function migrateSqlite(database: Database): readonly string[] {
  return database
    .transaction(() => {
      if (isEmpty(database)) initialise(database)
      const pending = pendingSteps(database)
      const insert = database.prepare('INSERT INTO migrations (name, checksum, applied_at) VALUES (?, ?, ?)')
      for (const { name, checksum, sql } of pending) {
        database.exec(sql)
        insert.run(name, checksum, `${new Date().toISOString().slice(0, 19)}Z`)
      }
      return pending.map(({ name }) => name)
    })
    .immediate()
}

/** The names of the steps that this store has not been through yet. */
export function pendingNames(database: Database): readonly string[] {
  return pendingSteps(database).map(({ name }) => name)
}

export function appliedMigrations(database: Database): readonly AppliedMigration[] {
  refuseForeign(database)
  return database.prepare<[], AppliedMigration>('SELECT name, checksum FROM migrations ORDER BY rowid').all()
}

function pendingSteps(database: Database): readonly SqliteMigration[] {
  return pendingMigrations(migrationList.map(toSqlite), appliedMigrations(database))
}

function toSqlite({ name, sqlite }: Migration): SqliteMigration {
  return { name, checksum: hash('sha256', sqlite, 'hex'), sql: sqlite }
}

function initialise(database: Database): void {
  database.pragma(`application_id = ${APPLICATION_ID}`)
  database.exec(
    'CREATE TABLE migrations (name TEXT NOT NULL UNIQUE, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
  )
}
