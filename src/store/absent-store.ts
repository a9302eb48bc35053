import type { Store } from './store.ts'

/** What reading answers where nobody has written yet. */
export function absentStore(location: string): Store {
  return {
    location,
    exists: false,
    findUser: async () => null,
    knownRoles: async () => [],
    roleHolders: async () => [],
    events: nothing,
    eventRows: nothing,
    transact: async () => {
      throw new Error('an absent store was asked to write')
    },
    close: async () => {},
  }
}

async function* nothing(): AsyncGenerator<never> {}
