import { closestWord, sharedBeginning } from '../cli/likeness.ts'

const SHORTEST_LIKENESS = 3

/**
 * The command or topic that resembles what was typed, as one types it.
 *
 * @param topic that was typed right; empty where there is none
 * @param words that follow it; where the first stands for a topic, the second says which of its commands
 */
export function closestCommand(
  topic: string,
  [word = '', next]: readonly string[],
  ids: readonly string[],
): string | null {
  const closest = closestOfTopic(topic, word, ids) ?? closestByBeginnings(topic === '' ? word : `${topic}:${word}`, ids)
  if (closest === null) return null
  const id = next === undefined ? closest : (closestOfTopic(closest, next, ids) ?? closest)
  return id.replaceAll(':', ' ')
}

function closestOfTopic(topic: string, word: string, ids: readonly string[]): string | null {
  const verbs = ids.filter((id) => id.startsWith(`${topic}:`)).map((id) => id.slice(topic.length + 1))
  const verb = closestWord(word, verbs)
  return verb === undefined ? null : `${topic}:${verb}`
}

function closestByBeginnings(typed: string, ids: readonly string[]): string | null {
  const topics = [...new Set(ids.filter((id) => id.includes(':')).map((id) => id.slice(0, id.indexOf(':'))))]
  const ranked = [...ids, ...topics]
    .map((id) => ({ id, likeness: likeness(typed, id) }))
    .sort((a, b) => b.likeness - a.likeness || a.id.length - b.id.length)
  const [best] = ranked
  return best === undefined || best.likeness < SHORTEST_LIKENESS ? null : best.id
}

/** How many characters those words share that begin alike, for half of their length at least. */
function likeness(typed: string, id: string): number {
  const words = id.split(/[:-]/)
  return typed
    .split(/[:-]/)
    .map((word) => Math.max(...words.map((other) => sharedBeginning(word, other, SHORTEST_LIKENESS))))
    .reduce((sum, length) => sum + length, 0)
}
