import { GENESIS_HASH, textHash } from './hash-chain.ts'

/** An event as its canonical text, made by the store itself. */
export interface CanonicalEvent {
  readonly id: number
  /** `null` where a column is that may not be. */
  readonly text: string | null
  readonly hash: string
}

/** How far the chain was found sound, from the first event on. */
export interface SoundPart {
  /** How many events. */
  readonly verified: number
  /** The hash of the last of them. */
  readonly head: string
  /** The hash of the one before it; `null` where there is none. */
  readonly beforeHead: string | null
  /** The one that has the hash that was asked for. */
  readonly expected: number | null
}

export const NOTHING_YET: SoundPart = { verified: 0, head: GENESIS_HASH, beforeHead: null, expected: null }

/**
 * Walks as far as the texts give the hashes that are stored: where they do, the columns are those that were hashed. What
 * stops it, an event that was tampered with or a text that the store spells in another way, is for the slow walk to judge.
 */
export async function skimChain(
  batches: AsyncIterable<readonly CanonicalEvent[]>,
  expectedHash: string | null,
): Promise<SoundPart> {
  let [verified, head, beforeHead, expected]: [number, string, string | null, number | null] = [
    0,
    GENESIS_HASH,
    null,
    null,
  ]
  const isNext = ({ id, text, hash }: CanonicalEvent) =>
    id === verified + 1 &&
    text !== null &&
    text.startsWith(head) &&
    text[head.length] === '\n' &&
    textHash(text) === hash
  for await (const batch of batches) {
    for (const event of batch) {
      if (!isNext(event)) return { verified, head, beforeHead, expected }
      verified += 1
      beforeHead = head
      head = event.hash
      if (head === expectedHash) expected = event.id
    }
  }
  return { verified, head, beforeHead, expected }
}
