import { type EventRow, eventHash, GENESIS_HASH } from './hash-chain.ts'
import { NOTHING_YET, type SoundPart } from './skim-chain.ts'
import { type BrokenEvent, type ChainBreak, describeBreak } from './tampering.ts'

export interface ChainVerification {
  /** How many events were found sound, from the first on. */
  readonly verified: number
  /** The hash of the last sound event; kept elsewhere, it later shows that nothing was cut off the end. */
  readonly headHash: string | null
  /** The first event that does not fit, and why. */
  readonly broken: BrokenEvent | null
  /** The sound event that has the hash that was asked for; `null` where none has, or none was asked for. */
  readonly expected: number | null
}

/**
 * Walks the chain up to the first event that is not as it was written.
 *
 * @param expectedHash of an event that must be there
 * @param start what is known to be sound already; the batches begin behind it
 */
export async function verifyChain(
  batches: AsyncIterable<readonly EventRow[]>,
  expectedHash: string | null = null,
  start: SoundPart = NOTHING_YET,
): Promise<ChainVerification> {
  const walk: Walk = { ...start, found: null }
  for await (const rows of batches) for (const row of rows) step(walk, row, expectedHash)
  const { verified, head, expected, found } = walk
  const broken = found === null ? null : describeBreak(found)
  return { verified, headHash: head === GENESIS_HASH ? null : head, broken, expected }
}

interface Walk {
  verified: number
  head: string
  beforeHead: string | null
  expected: number | null
  found: ChainBreak | null
}

function step(walk: Walk, row: EventRow, expectedHash: string | null): void {
  const { verified, head, beforeHead, found } = walk
  if (found !== null) {
    walk.found = lookBehind(found, row)
  } else if (isSound(row, verified + 1, head)) {
    walk.verified += 1
    walk.beforeHead = head
    walk.head = row.hash
    if (row.hash === expectedHash) walk.expected = row.id
  } else {
    walk.found = { row, expectedId: verified + 1, head, beforeHead, next: null, isPredecessorBelow: false }
  }
}

function isSound(row: EventRow, expectedId: number, head: string): boolean {
  return row.id === expectedId && row.previous_hash === head && row.hash === eventHash(row)
}

/** What stands behind the break tells what happened there. */
function lookBehind(found: ChainBreak, row: EventRow): ChainBreak {
  const isPredecessorBelow = found.isPredecessorBelow || row.hash === found.row.previous_hash
  if (found.next !== null && isPredecessorBelow === found.isPredecessorBelow) return found
  return { ...found, next: found.next ?? row, isPredecessorBelow }
}
