import type { AssignmentTransaction } from '../assignments/assignment-store.ts'
import type { EventRange } from '../audit/event-log.ts'
import type { Store } from './store.ts'

/** Tells others of events that are in the log. */
export type Forward = (store: Store, range: EventRange) => Promise<void>

/**
 * A store that forwards the events of each transaction once they are there to stay, in their order. They are named by
 * their ids, so that a large import need not keep them in memory.
 *
 * @param forward must not throw: what was committed stands
 */
export function forwardingStore(store: Store, forward: Forward): Store {
  let forwarded = Promise.resolve()
  return {
    ...store,
    async transact(work) {
      let range: EventRange | null = null
      const result = await store.transact(async (transaction) => {
        const counting = countingEvents(transaction)
        const answer = await work(counting.transaction)
        range = await rangeOf(transaction, counting.count())
        return answer
      })
      const written = range
      if (written !== null) forwarded = forwarded.then(() => forward(store, written))
      await forwarded
      return result
    },
  }
}

function countingEvents(transaction: AssignmentTransaction) {
  let events = 0
  const counted: AssignmentTransaction = {
    ...transaction,
    appendEvent: (event) => {
      events += 1
      return transaction.appendEvent(event)
    },
    putSteps: (steps) => {
      events += steps.length
      return transaction.putSteps(steps)
    },
  }
  return { transaction: counted, count: () => events }
}

/** No other writer comes between: the events of a transaction are the last ones. */
async function rangeOf(transaction: AssignmentTransaction, events: number): Promise<EventRange | null> {
  if (events === 0) return null
  const upTo = await transaction.lastEventId()
  return { after: upTo - events, upTo }
}
