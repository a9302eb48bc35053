import { escapeControls } from '../iam/quote.ts'
import { cellWidth, padCells } from './cell-width.ts'
import { csvLine } from './csv.ts'
import type { Column, Listing } from './formats.ts'
import { toJson, writeNote } from './output.ts'
import { openReader } from './reader.ts'

const SAMPLE = 200
const LARGEST_BATCH = 512
const ASCII = /^[ -~]*$/

type Batches<T> = AsyncIterable<readonly T[]>

/** As {@link writeBatches}, for rows that come one by one. */
export async function writeRows<T>(rows: AsyncIterable<T>, listing: Listing<T>): Promise<void> {
  await writeBatches(inBatches(rows), listing)
}

/**
 * Writes a listing as it comes, or says that there is nothing in it: memory does not grow with it. Column widths of a
 * table are those of its first rows. One JSON document is written when all of it is there.
 */
export async function writeBatches<T>(batches: Batches<T>, listing: Listing<T>): Promise<void> {
  const { columns, format, nothing } = listing
  const writers = { table: tableTexts, csv: csvTexts, jsonl: jsonLines, json: jsonDocument }
  let count = 0
  await openReader(listing).read(await spooled(writers[format](counted(), columns), format))
  if (count === 0) writeNote(typeof nothing === 'string' ? nothing : await nothing())

  async function* counted(): AsyncGenerator<readonly T[]> {
    for await (const batch of batches) {
      count += batch.length
      yield batch
    }
  }
}

async function spooled(texts: AsyncIterable<string>, format: string): Promise<AsyncIterable<string | Buffer>> {
  return format === 'json' ? (await import('./spool.ts')).spool(texts) : texts
}

/** The first of one row, each next one larger: who waits for the first rows gets them, who wants all gets them fast. */
async function* inBatches<T>(rows: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let batch: T[] = []
  let size = 1
  for await (const row of rows) {
    if (batch.push(row) < size) continue
    yield batch
    batch = []
    size = Math.min(size * 2, LARGEST_BATCH)
  }
  if (batch.length > 0) yield batch
}

async function* tableTexts<T>(batches: Batches<T>, columns: readonly Column<T>[]): AsyncGenerator<string> {
  const head = columns.map(({ name }) => name.toUpperCase().replaceAll('_', ' '))
  const toCells = (row: T) => {
    const cells = columns.map(({ cell }) => cell(row))
    return isPlain(cells) ? cells : cells.map(escapeControls)
  }
  let sample: (readonly string[])[] = [head]
  let widths: readonly number[] | null = null
  for await (const batch of batches) {
    sample.push(...batch.map(toCells))
    if (widths === null && sample.length <= SAMPLE) continue
    widths ??= widthsOf(sample)
    yield tableText(sample, widths)
    sample = []
  }
  if (widths === null && sample.length > 1) yield tableText(sample, widthsOf(sample))
}

function widthsOf(lines: readonly (readonly string[])[]): readonly number[] {
  return (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => cellWidth(line[column] ?? ''))))
}

function tableText(lines: readonly (readonly string[])[], widths: readonly number[]): string {
  return lines.map((cells) => `${tableLine(cells, widths)}\n`).join('')
}

function tableLine(cells: readonly string[], widths: readonly number[]): string {
  const pad = isPlain(cells) ? padPlain : padCells
  let line = ''
  for (let column = 0; column < cells.length; column += 1) line += pad(cells[column] ?? '', (widths[column] ?? 0) + 2)
  return line.trimEnd()
}

function padPlain(text: string, width: number): string {
  return text.padEnd(width)
}

/** Nothing to escape, and each character takes one cell: one look for all of them is faster. */
function isPlain(cells: readonly string[]): boolean {
  return ASCII.test(cells.join(''))
}

async function* csvTexts<T>(batches: Batches<T>, columns: readonly Column<T>[]): AsyncGenerator<string> {
  const head = columns.map(({ name }) => ({ name, cell: () => name }))
  yield csvLine(head)(null)
  const toLine = csvLine(columns)
  for await (const batch of batches) yield concatenated(batch, toLine)
}

async function* jsonLines<T>(batches: Batches<T>): AsyncGenerator<string> {
  for await (const batch of batches) yield concatenated(batch, (row) => `${toJson(row)}\n`)
}

async function* jsonDocument<T>(batches: Batches<T>): AsyncGenerator<string> {
  let opening = '['
  for await (const batch of batches) {
    yield concatenated(batch, (row) => {
      const text = `${opening}${toJson(row)}\n`
      opening = ','
      return text
    })
  }
  yield opening === '[' ? '[]\n' : ']\n'
}

/** Faster than to join an array. */
function concatenated<T>(batch: readonly T[], toText: (row: T) => string): string {
  let text = ''
  for (const row of batch) text += toText(row)
  return text
}
