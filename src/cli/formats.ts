import * as Flags from '@oclif/core/flags'

export const listFormats = ['table', 'csv', 'jsonl', 'json'] as const

export type ListFormat = (typeof listFormats)[number]

export const formatFlag = Flags.string({
  options: [...listFormats],
  default: 'table',
  description: `how to print the rows: ${listFormats.join(', ')}`,
  helpValue: 'FORMAT',
})

/** For listings that a person may page through; the flag is that of git. */
export const pagerFlag = Flags.boolean({ description: 'on a terminal: print all at once, without a pager' })

/** A filter that may be given more than once. */
export const repeated = { multiple: true, multipleNonGreedy: true } as const

/** A column of a listing: its name, and how a row shows it to a person (table) and to a program (csv). */
export interface Column<T> {
  readonly name: string
  readonly cell: (row: T) => string
}

/** How rows are listed. */
export interface Listing<T> {
  readonly columns: readonly Column<T>[]
  readonly format: ListFormat
  /** What a person is told where there is no row. */
  readonly nothing: string | (() => Promise<string>)
  /** Whether a person at a terminal gets a table page by page. */
  readonly isPaged?: boolean
}

interface ListingFlags {
  readonly json: boolean
  readonly format: string
  readonly 'no-pager': boolean
}

/** How these flags want it listed: `--json` is the format of that name. */
export function listingOf(flags: ListingFlags): { readonly format: ListFormat; readonly isPaged: boolean } {
  const format = listFormats.find((name) => name === (flags.json ? 'json' : flags.format)) ?? 'table'
  return { format, isPaged: !flags['no-pager'] }
}
