import { once } from 'node:events'
import { escapeControls } from '../iam/quote.ts'
import type { Column, Listing } from './formats.ts'
import { toJson, writeNote } from './output.ts'
import { spool } from './spool.ts'

const SAMPLE = 200

/**
 * Writes a listing as it comes, or says that there is nothing in it: memory does not grow with it. Column widths of a
 * table are those of its first rows. One JSON document is written when all of it is there.
 */
export async function writeRows<T>(rows: AsyncIterable<T>, { columns, format, nothing }: Listing<T>): Promise<void> {
  const writers = { table: tableLines, csv: csvLines, jsonl: jsonLines, json: jsonDocument }
  let count = 0
  const lines = terminated(writers[format](counted(), columns))
  for await (const text of format === 'json' ? spool(lines) : lines) await print(text)
  if (count === 0) writeNote(nothing)

  async function* counted(): AsyncGenerator<T> {
    for await (const row of rows) {
      count += 1
      yield row
    }
  }
}

async function* terminated(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

/** Waits where the reader is slow, so that nothing piles up in memory. */
export async function print(text: string | Buffer): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
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
  for await (const row of rows) yield toLine(columns.map(({ cell }) => escapeControls(cell(row))))
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
