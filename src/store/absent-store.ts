import type { Store } from './store.ts'

/** What reading answers where nobody has written yet. */
export function absentStore(location: string): Store {
  const reader = {
    findUser: async () => null,
    knownRoles: async () => [],
    roleHolders: async () => [],
  }
  return {
    ...reader,
    location,
    exists: false,
    isNew: false,
    snapshot: (work) =>
      work({ ...reader, findUsers: async () => new Map(), noteNamed: async () => {}, unnamedCliUsers: nothing }),
    events: nothing,
    eventRows: nothing,
    logHead: async () => null,
    evidence: (work) =>
      work({
        eventRows: nothing,
        assignments: nothing,
        lastChanges: nothing,
        eventRoles: async () => [],
        countEventRoles: async () => 0,
        roleAccounts: async () => [],
      }),
    peopleWithRoles: nothing,
    neverUsed: nothing,
    expiring: nothing,
    heldRoles: async () => [],
    holdings: nothing,
    people: nothing,
    seenRoles: nothing,
    transact: async () => {
      throw new Error('an absent store was asked to write')
    },
    close: async () => {},
  }
}

async function* nothing(): AsyncGenerator<never> {}
