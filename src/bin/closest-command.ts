import { sharedBeginning } from '../cli/likeness.ts'

const SHORTEST_LIKENESS = 3

/** The command or topic that resembles what was typed by the beginnings of its words, as one types it. */
export function closestCommand(typed: string, ids: readonly string[]): string | null {
  const topics = [...new Set(ids.filter((id) => id.includes(':')).map((id) => id.slice(0, id.indexOf(':'))))]
  const ranked = [...ids, ...topics]
    .map((id) => ({ id, likeness: likeness(typed, id) }))
    .sort((a, b) => b.likeness - a.likeness || a.id.length - b.id.length)
  const [best] = ranked
  return best === undefined || best.likeness < SHORTEST_LIKENESS ? null : best.id.replaceAll(':', ' ')
}

/** How many characters those words share that begin alike, for half of their length at least. */
function likeness(typed: string, id: string): number {
  const words = id.split(/[:-]/)
  return typed
    .split(/[:-]/)
    .map((word) => Math.max(...words.map((other) => sharedBeginning(word, other, SHORTEST_LIKENESS))))
    .reduce((sum, length) => sum + length, 0)
}
