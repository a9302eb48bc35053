import Database from 'better-sqlite3'
import { quote } from '../../iam/quote.ts'
import type { SqliteDatabase } from './sqlite-connection.ts'
import { migrateSqlite } from './sqlite-migrations.ts'

interface Trigger {
  readonly name: string
  readonly tbl_name: string
  readonly sql: string
}

/** What a store that is up to date lacks, or has beyond, of the triggers that the migrations make. */
export function guardProblems(database: SqliteDatabase): readonly string[] {
  const [expected, found] = [triggersAsMigrated(), triggersOf(database)]
  return [
    ...expected.flatMap(({ name, tbl_name: table, sql }) => {
      const same = found.find((trigger) => trigger.name === name)
      if (same === undefined) return [`the trigger ${name} of ${table} is gone`]
      return same.sql === sql ? [] : [`the trigger ${name} of ${table} was changed`]
    }),
    ...found
      .filter(({ name }) => !expected.some((trigger) => trigger.name === name))
      .map(({ name, tbl_name: table }) => `the trigger ${quote(name)} of ${quote(table)} is none of ours`),
  ]
}

function triggersAsMigrated(): readonly Trigger[] {
  const pristine = new Database(':memory:')
  try {
    migrateSqlite(pristine)
    return triggersOf(pristine)
  } finally {
    pristine.close()
  }
}

function triggersOf(database: SqliteDatabase): readonly Trigger[] {
  return database
    .prepare<[], Trigger>("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
    .all()
}
