const ESCAPE = String.fromCharCode(27)
const SEQUENCE = new RegExp(`${ESCAPE}\\[(\\??)(\\d*)([A-Za-z])|[^${ESCAPE}]`, 'gu')

interface Screen {
  readonly rows: string[][]
  readonly columns: number
  row: number
  column: number
}

/**
 * The lines that a terminal shows after all this was written to it: cursor movements and erasures are carried out,
 * colours dropped, lines wrapped. It never scrolls: enough for programs that draw less than a screen at a time.
 */
export function linesShown(written: string, columns: number): readonly string[] {
  const screen: Screen = { rows: [], columns, row: 0, column: 0 }
  for (const [text, mode, digits, command] of written.matchAll(SEQUENCE)) {
    if (command === undefined) type(screen, text)
    else if (mode === '') carryOut(screen, command, digits === '' ? null : Number(digits))
  }
  return Array.from({ length: screen.row + 1 }, (_, index) => (screen.rows[index] ?? []).join('').trimEnd())
}

function type(screen: Screen, character: string): void {
  if (character === '\r') screen.column = 0
  else if (character === '\n') screen.row += 1
  else put(screen, character)
}

function put(screen: Screen, character: string): void {
  if (screen.column === screen.columns) Object.assign(screen, { row: screen.row + 1, column: 0 })
  const cells = cellsOf(screen)
  while (cells.length < screen.column) cells.push(' ')
  cells[screen.column] = character
  screen.column += 1
}

function carryOut(screen: Screen, command: string, count: number | null): void {
  if (command === 'A') screen.row = Math.max(0, screen.row - (count ?? 1))
  if (command === 'B') screen.row += count ?? 1
  if (command === 'G') screen.column = (count ?? 1) - 1
  if (command === 'K') cellsOf(screen).splice(count === 2 ? 0 : screen.column)
}

function cellsOf({ rows, row }: Screen): string[] {
  rows[row] ??= []
  return rows[row]
}
