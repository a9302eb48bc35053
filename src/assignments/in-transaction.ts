import type { AssignmentStore, AssignmentTransaction } from './assignment-store.ts'

/**
 * Runs `work` in a transaction that is kept, or, as a rehearsal, over the store as it is with every write left out.
 * A rehearsal needs no right to write.
 */
export async function inTransaction<T>(
  store: AssignmentStore,
  isDryRun: boolean,
  work: (transaction: AssignmentTransaction) => Promise<T>,
): Promise<T> {
  if (!isDryRun) return store.transact(work)
  return work({
    findUser: (username) => store.findUser(username),
    knownRoles: () => store.knownRoles(),
    putAssignment: async () => {},
    putLogin: async () => {},
    appendEvent: async () => {},
  })
}
