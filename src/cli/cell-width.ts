const NARROW = /^[ -~]*$/
const NO_CELL = /[\p{Mn}\p{Me}]/u
/** Unicode, "East Asian Width": wide and full-width, and the pictures that terminals draw over two cells. */
const TWO_CELLS =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** How many cells of a terminal the text covers. */
export function cellWidth(text: string): number {
  if (NARROW.test(text)) return text.length
  let width = 0
  for (const character of text) width += NO_CELL.test(character) ? 0 : TWO_CELLS.test(character) ? 2 : 1
  return width
}

export function padCells(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellWidth(text)))
}
