/** A line of the bench's answer. Without a target it is there to compare with, and always met. */
export interface Row {
  readonly work: string
  readonly measured: string
  readonly target: string
  readonly isMet: boolean
}

export function atMost(work: string, value: number, limit: number, unit: string): Row {
  return { work, measured: withUnit(value, unit), target: `at most ${limit}`, isMet: value <= limit }
}

export function atLeast(work: string, value: number, limit: number, unit: string): Row {
  return { work, measured: withUnit(value, unit), target: `at least ${limit}`, isMet: value >= limit }
}

/** Ratios to something small matter to the second digit. */
function withUnit(value: number, unit: string): string {
  return `${value.toFixed(/^x (node|get|import|the first)/.test(unit) ? 2 : 0)} ${unit}`.trim()
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
