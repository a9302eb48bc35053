import * as Flags from '@oclif/core/flags'

export const listFormats = ['table', 'csv', 'jsonl', 'json'] as const

export type ListFormat = (typeof listFormats)[number]

export const formatFlag = Flags.string({
  options: [...listFormats],
  default: 'table',
  description: `how to print the rows: ${listFormats.join(', ')}`,
  helpValue: 'FORMAT',
})

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
  readonly nothing: string
}
