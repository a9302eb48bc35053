import type { SqliteDatabase } from './sqlite-connection.ts'

/** Inserts cells that stand row after row in one list. */
export type RowInserter = (cells: readonly SqliteValue[]) => void

export type SqliteValue = string | number | null

const ROWS_AT_ONCE = 32

/**
 * Many rows with each call: the way from JavaScript to SQLite costs as much as a row. For rows that fall near each
 * other, or that can only fail together with the transaction (`INSERT OR ROLLBACK`, no foreign keys, no triggers): else
 * SQLite copies each page that a statement of many rows touches, to undo that statement alone.
 */
export function rowInserter(database: SqliteDatabase, insertInto: string, width: number): RowInserter {
  const row = `(${Array.from({ length: width }, () => '?').join(', ')})`
  const prepare = (rows: number) =>
    database.prepare(`${insertInto} VALUES ${Array.from({ length: rows }, () => row).join(', ')}`)
  const [many, one] = [prepare(ROWS_AT_ONCE), prepare(1)]
  const size = ROWS_AT_ONCE * width
  return (cells) => {
    let position = 0
    for (; position + size <= cells.length; position += size) many.run(...cells.slice(position, position + size))
    for (; position < cells.length; position += width) one.run(...cells.slice(position, position + width))
  }
}
