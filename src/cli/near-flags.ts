import { nearNames } from '../iam/near-names.ts'
import { sharedBeginning } from './likeness.ts'

const SHORTEST_BEGINNING = 2
const SHORTEST_WORD = 3
const MOST_FLAGS = 3

/** The flags that a person may have meant: one begins with the other, else few letters differ, else they share a word. */
export function nearFlags(typed: string, known: readonly string[]): readonly string[] {
  const abbreviated = closestFlags(typed.replace(/^database-/, 'db-'), known)
  return abbreviated.length > 0 ? abbreviated : closestFlags(typed, known)
}

function closestFlags(typed: string, known: readonly string[]): readonly string[] {
  const closest = [
    known.filter((flag) => beginAlike(typed, flag, SHORTEST_BEGINNING)),
    nearNames(typed, known).slice(0, 1),
    known.filter((flag) => shareWord(typed, flag)),
    known.filter((flag) => sharedBeginning(typed, flag, SHORTEST_BEGINNING) > 0),
  ].find((flags) => flags.length > 0)
  return closest === undefined || closest.length > MOST_FLAGS ? [] : closest
}

function shareWord(typed: string, flag: string): boolean {
  const words = flag.split('-')
  return typed.split('-').some((word) => words.some((other) => beginAlike(word, other, SHORTEST_WORD)))
}

function beginAlike(one: string, other: string, least: number): boolean {
  return Math.min(one.length, other.length) >= least && (one.startsWith(other) || other.startsWith(one))
}
