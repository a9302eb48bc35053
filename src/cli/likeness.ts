import { nearNames } from '../iam/near-names.ts'

const SHORTEST_ABBREVIATION = 3

/** With how many characters both begin, where that is `least` and half of their length at least; else 0. */
export function sharedBeginning(a: string, b: string, least: number): number {
  const differs = [...a].findIndex((character, index) => character !== b[index])
  const shared = differs === -1 ? a.length : differs
  return shared >= least && shared * 2 >= Math.max(a.length, b.length) ? shared : 0
}

/** The one in which few letters differ, or of which some were left out: `creds` stands for `credentials`. */
export function closestWord(typed: string, known: readonly string[]): string | undefined {
  return nearNames(typed, known)[0] ?? known.find((word) => abbreviates(typed, word))
}

function abbreviates(short: string, long: string): boolean {
  const rest = [...long].reduce((left, letter) => (left[0] === letter ? left.slice(1) : left), [...short])
  return short.length >= SHORTEST_ABBREVIATION && short[0] === long[0] && rest.length === 0
}
