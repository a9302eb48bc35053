import { once } from 'node:events'
import { escapeControls } from '../iam/quote.ts'
import type { Column, ListFormat } from './formats.ts'
import { toJson } from './output.ts'

const SAMPLE = 200

/**
 * Writes a listing as it comes: memory does not grow with it. Column widths of a table are those of its first rows.
 */
export async function writeRows<T>(
  rows: AsyncIterable<T>,
  columns: readonly Column<T>[],
  format: ListFormat,
): Promise<void> {
  const writers = { table: tableLines, csv: csvLines, jsonl: jsonLines, json: jsonDocument }
  for await (const line of writers[format](rows, columns)) await print(line)
}

/** Waits where the reader is slow, so that nothing piles up in memory. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
}

async function* tableLines<T>(rows: AsyncIterable<T>, columns: readonly Column<T>[]): AsyncGenerator<string> {
  const sample: (readonly string[])[] = []
  let widths: readonly number[] | null = null
  const head = columns.map(({ name }) => name.toUpperCase().replaceAll('_', ' '))
  for await (const row of rows) {
    const cells = columns.map(({ cell }) => escapeControls(cell(row)))
    if (widths !== null) yield pad(cells, widths)
    else if (sample.push(cells) === SAMPLE) {
      widths = widthsOf([head, ...sample])
      yield* [head, ...sample].map((line) => pad(line, widthsOf([head, ...sample])))
    }
  }
  if (widths === null && sample.length > 0) {
    const final = widthsOf([head, ...sample])
    yield* [head, ...sample].map((line) => pad(line, final))
  }
}

function widthsOf(lines: readonly (readonly string[])[]): readonly number[] {
  return (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
}

function pad(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd()
}

/** Cells that a spreadsheet would run as a formula are defused (OWASP, "CSV Injection"). */
async function* csvLines<T>(rows: AsyncIterable<T>, columns: readonly Column<T>[]): AsyncGenerator<string> {
  const { stringify } = await import('csv-stringify/sync')
  const toLine = (cells: readonly string[]) => stringify([[...cells]], { escape_formulas: true, record_delimiter: '' })
  yield toLine(columns.map(({ name }) => name))
  for await (const row of rows) yield toLine(columns.map(({ cell }) => cell(row)))
}

async function* jsonLines<T>(rows: AsyncIterable<T>): AsyncGenerator<string> {
  for await (const row of rows) yield toJson(row)
}

async function* jsonDocument<T>(rows: AsyncIterable<T>): AsyncGenerator<string> {
  let opening = '['
  for await (const row of rows) {
    yield `${opening}${toJson(row)}`
    opening = ','
  }
  yield opening === '[' ? '[]' : ']'
}
