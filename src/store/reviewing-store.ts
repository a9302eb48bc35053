import type { AssignmentTransaction } from '../assignments/assignment-store.ts'
import type { Store } from './store.ts'

/** Looks after what depends on assignments elsewhere: of these people, or, where there are too many to name, of all. */
export type Review = (store: Store, people: ReadonlySet<string> | null) => Promise<void>

/** More people at once are not remembered by name. */
const MOST_NAMED = 1000

/**
 * A store that has the people reviewed whose assignment a transaction has changed, or who are somebody else now, once
 * that is there to stay. So no writer can forget it.
 *
 * @param review must not throw: what was committed stands
 */
export function reviewingStore(store: Store, review: Review): Store {
  return {
    ...store,
    async transact(work) {
      const changed = new Set<string>()
      const result = await store.transact((transaction) => {
        changed.clear()
        return work(noting(transaction, changed))
      })
      if (changed.size > 0) await review(store, changed.size > MOST_NAMED ? null : changed)
      return result
    },
  }
}

function noting(transaction: AssignmentTransaction, changed: Set<string>): AssignmentTransaction {
  const note = (username: string) => {
    if (changed.size <= MOST_NAMED) changed.add(username)
  }
  return {
    ...transaction,
    putAssignment: (username, ...rest) => {
      note(username)
      return transaction.putAssignment(username, ...rest)
    },
    forgetKeptTokens: (username) => {
      note(username)
      return transaction.forgetKeptTokens(username)
    },
    putSteps: (steps) => {
      for (const { username } of steps) note(username)
      return transaction.putSteps(steps)
    },
  }
}
