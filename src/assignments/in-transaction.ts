import type { Clock, Instant } from '../clock.ts'
import type { AssignmentSnapshot, AssignmentStore, AssignmentTransaction } from './assignment-store.ts'

/** What decides and writes. `now` holds for the whole transaction. */
export type Work<T> = (transaction: AssignmentTransaction, now: Instant) => Promise<T>

export interface TransactionOptions {
  readonly clock: Clock
  /** Decide and answer, write nothing. */
  readonly isDryRun: boolean
}

/**
 * Runs `work` in a transaction that is kept, or, as a dry run, over the store as it is with every write left out; that
 * needs no right to write.
 *
 * The time is read when the store is ours, not before waiting for it, and is never earlier than the last event: along
 * the log time does not run backwards, whatever the clocks of processes and hosts say.
 */
export async function inTransaction<T>(store: AssignmentStore, options: TransactionOptions, work: Work<T>): Promise<T> {
  const { clock, isDryRun } = options
  if (isDryRun) return store.snapshot((snapshot) => work(withoutWriting(snapshot), clock()))
  return store.transact(async (transaction) => {
    const [now, last] = [clock(), await transaction.lastEventAt()]
    return work(transaction, last !== null && last > now ? last : now)
  })
}

function withoutWriting(snapshot: AssignmentSnapshot): AssignmentTransaction {
  return {
    ...snapshot,
    putAssignment: async () => {},
    putSteps: async () => {},
    putLogin: async () => {},
    appendEvent: async () => {},
    lastEventAt: async () => null,
    lastEventId: async () => 0,
  }
}
