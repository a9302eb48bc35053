import { defused } from '../assignments/import/csv-line.ts'
import { escapeControls } from '../iam/quote.ts'
import type { Column } from './formats.ts'

/** Neither quoted nor a formula: nearly all cells. */
const PLAIN = /^(?!'*[=+@-])[ !#-+\--:<-~]*$/

/**
 * A cell of CSV (RFC 4180), quoted where it must be. What a spreadsheet would run as a formula gets an apostrophe in
 * front (OWASP, "CSV Injection"), what could act on a terminal is spelled out.
 */
export function csvCell(text: string): string {
  if (PLAIN.test(text)) return text
  const safe = defused(escapeControls(text))
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Answers what makes a line of a row. Cells that are as in the row before are not made anew. */
export function csvLine<T>(columns: readonly Column<T>[]): (row: T) => string {
  const cells = columns.map(({ cell }) => remembering((text) => csvCell(text), cell))
  const [first = () => '', ...others] = cells
  return (row) => {
    let line = first(row)
    for (const cell of others) line += `,${cell(row)}`
    return `${line}\n`
  }
}

function remembering<T>(encode: (text: string) => string, cell: (row: T) => string): (row: T) => string {
  let [last, encoded] = ['', '']
  return (row) => {
    const text = cell(row)
    if (text === last) return encoded
    last = text
    encoded = encode(text)
    return encoded
  }
}
