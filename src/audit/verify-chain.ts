import { type EventRow, eventHash, GENESIS_HASH } from './hash-chain.ts'

/** The first event that does not fit, and why. */
export interface BrokenEvent {
  readonly id: number
  readonly problem: string
}

export interface ChainVerification {
  /** How many events were found sound, from the first on. */
  readonly verified: number
  /** The hash of the last sound event; kept elsewhere, it later shows that nothing was cut off the end. */
  readonly headHash: string | null
  readonly broken: BrokenEvent | null
}

/** Walks the chain from the first event and stops at the first one that is not as it was written. */
export async function verifyChain(rows: AsyncIterable<EventRow>): Promise<ChainVerification> {
  let verified = 0
  let head = GENESIS_HASH
  for await (const row of rows) {
    const problem = problemOf(row, verified + 1, head)
    if (problem !== null) return { verified, headHash: headOf(head), broken: { id: row.id, problem } }
    verified += 1
    head = row.hash
  }
  return { verified, headHash: headOf(head), broken: null }
}

function problemOf(row: EventRow, expectedId: number, head: string): string | null {
  if (row.id !== expectedId) return `expected event ${expectedId} here: an event was removed or inserted`
  if (row.previous_hash !== head) return 'it does not follow the event before it: an event was replaced or reordered'
  return eventHash(row) === row.hash ? null : 'its content does not match its hash: it was edited'
}

function headOf(hash: string): string | null {
  return hash === GENESIS_HASH ? null : hash
}
