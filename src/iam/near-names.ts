const MOST_EDITS = 3
const MOST_NAMES = 3

/** Those that a person may have meant, nearest first: few letters differ, or one is a part of the other. */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const most = Math.min(MOST_EDITS, Math.floor(wanted.length / 3))
  return names
    .map((name) => ({ name, edits: editsBetween(wanted, name) }))
    .filter(({ name, edits }) => edits <= most || isPart(wanted, name))
    .toSorted((one, other) => one.edits - other.edits)
    .slice(0, MOST_NAMES)
    .map(({ name }) => name)
}

function isPart(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return short.length >= MOST_EDITS && long.includes(short)
}

/** Letters to add, take away or exchange (Levenshtein). */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1]
    for (let column = 1; column <= other.length; column += 1) {
      const exchanged = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1)
      next.push(Math.min(exchanged, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
