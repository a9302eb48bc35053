import type { Clock, Instant } from '../clock.ts'
import type { AssignmentSnapshot, AssignmentStore, AssignmentTransaction } from './assignment-store.ts'

/** When a transaction happens; holds for the whole of it. */
export interface Times {
  /** By the clock of this host: what has run out is decided by it. */
  readonly now: Instant
  /** What the log says, which is never earlier than its last event. */
  readonly at: Instant
}

/** What decides and writes. */
export type Work<T> = (transaction: AssignmentTransaction, times: Times) => Promise<T>

export interface TransactionOptions {
  readonly clock: Clock
  /** Decide and answer, write nothing. */
  readonly isDryRun: boolean
}

/**
 * Runs `work` in a transaction that is kept, or, as a dry run, over the store as it is with every write left out; that
 * needs no right to write.
 *
 * The time is read when the store is ours, not before waiting for it. Along the log it does not run backwards, whatever
 * the clocks of processes and hosts say; but no clock that was ahead once ends what others have assigned.
 */
export async function inTransaction<T>(store: AssignmentStore, options: TransactionOptions, work: Work<T>): Promise<T> {
  const { clock, isDryRun } = options
  if (isDryRun) return store.snapshot((snapshot) => work(withoutWriting(snapshot), timesAfter(null, clock())))
  return store.transact(async (transaction) => {
    const now = clock()
    return work(transaction, timesAfter(await transaction.lastEventAt(), now))
  })
}

function timesAfter(last: Instant | null, now: Instant): Times {
  return { now, at: last !== null && last > now ? last : now }
}

function withoutWriting(snapshot: AssignmentSnapshot): AssignmentTransaction {
  return {
    ...snapshot,
    putAssignment: async () => {},
    putSteps: async () => {},
    putLogin: async () => {},
    forgetKeptTokens: async () => {},
    appendEvent: async () => {},
    lastEventAt: async () => null,
    lastEventId: async () => 0,
  }
}
