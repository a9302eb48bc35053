/** A line of the bench's answer. Without a target it is there to compare with, and always met. */
export interface Row {
  readonly work: string
  readonly measured: string
  readonly target: string
  readonly isMet: boolean
}

/** Columns as wide as their widest cell, two spaces between them. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [
    ['work', 'measured', 'target', 'ok'],
    ...rows.map(({ work, measured, target, isMet }) => [work, measured, target, verdict(target, isMet)]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function verdict(target: string, isMet: boolean): string {
  if (target === '') return ''
  return isMet ? 'yes' : 'NO'
}
