import type { Store } from './store.ts'

/** What reading answers where nobody has written yet. */
export function absentStore(location: string): Store {
  const reader = {
    findUser: async () => null,
    knownRoles: async () => [],
    roleHolders: async () => [],
    usersFrom: async () => [],
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
        canonicalEvents: null,
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
    transact: refuseWriting,
    keepTokens: refuseWriting,
    findTokens: async () => null,
    keptLogins: async () => [],
    claimTokens: async () => null,
    replaceTokens: async () => false,
    forgetTokens: async () => false,
    releaseTokens: async () => {},
    close: async () => {},
  }
}

async function refuseWriting(): Promise<never> {
  throw new Error('an absent store was asked to write')
}

async function* nothing(): AsyncGenerator<never> {}
