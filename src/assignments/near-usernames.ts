import { nearNames } from '../iam/near-names.ts'
import type { AssignmentReader } from './assignment-store.ts'
import type { Username } from './username.ts'

const MOST_OF_A_NAME = 5
const MOST_OF_A_BEGINNING = 100
const SHORTEST_BEGINNING = 2

/**
 * Whom one may have meant by a name that nobody has: those that differ in the case of letters, or in few letters. Few
 * short searches of an index, however many people there are: who is not among the first with that beginning is missed.
 */
export async function nearUsernames(store: AssignmentReader, username: Username): Promise<readonly string[]> {
  const half = [...username].slice(0, Math.max(SHORTEST_BEGINNING, Math.ceil([...username].length / 2))).join('')
  const searches = [
    ...inEachCase(username).map((name) => store.usersFrom(name, MOST_OF_A_NAME)),
    ...inEachCase(half).map((beginning) => store.usersFrom(beginning, MOST_OF_A_BEGINNING)),
  ]
  const names = new Set((await Promise.all(searches)).flat())
  const sameButCase = [...names].filter((name) => name.toLowerCase() === username.toLowerCase())
  return sameButCase.length > 0 ? sameButCase : nearNames(username, [...names])
}

function inEachCase(text: string): readonly string[] {
  const lower = text.toLowerCase()
  return [...new Set([text, lower, text.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)])]
}
