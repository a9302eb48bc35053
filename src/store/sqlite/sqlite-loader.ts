import type { Loader } from '../engine.ts'
import type { SqliteDatabase } from './sqlite-connection.ts'

export function sqliteLoader(database: SqliteDatabase): Loader {
  return {
    async insert(table, columns, rows) {
      const names = columns.map((column) => `"${column}"`).join(', ')
      const places = columns.map(() => '?').join(', ')
      const statement = database.prepare(`INSERT INTO ${table} (${names}) VALUES (${places})`)
      for (const row of rows) statement.run(...row)
    },
    // An id that is not named is one more than the largest.
    finish: async () => {},
  }
}
