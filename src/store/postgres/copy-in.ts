import { finished } from 'node:stream/promises'
import type { Client } from 'pg'
import type { Cell } from '../engine.ts'

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/**
 * Puts the rows into the table by COPY, in its text format (PostgreSQL documentation, COPY, "File Formats").
 *
 * @param target the table and its columns, as `users (id, username)`
 */
export async function copyIn(client: Client, target: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  if (rows.length === 0) return
  const { from } = (await import('pg-copy-streams')).default
  const stream = client.query(from(`COPY ${target} FROM STDIN`))
  stream.end(rows.map(line).join(''))
  await finished(stream)
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cell).join('\t')}\n`
}

function cell(value: Cell): string {
  if (value === null) return '\\N'
  return typeof value === 'number'
    ? String(value)
    : value.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? '')
}
