import { afterEach } from '@jest/globals'
import type { NewEvent } from '../../src/audit/event.ts'
import type { Instant } from '../../src/clock.ts'
import { parseStoreLocation } from '../../src/store/location.ts'
import { openStore, type StoreAccess } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'

const opened: Store[] = []

/** Opens a store in this process; it is closed when the test is done. */
export async function openAt(url: string, access: StoreAccess = 'write'): Promise<Store> {
  const store = await openStore(await locate(url), access)
  opened.push(store)
  return store
}

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

export function locate(url: string, environment: NodeJS.ProcessEnv = {}) {
  return parseStoreLocation(url, environment, async () => {
    throw new Error('no test of this kind asks IAM')
  })
}

export const at = (seconds: number) =>
  new Date(1_800_000_000_000 + seconds * 1000).toISOString().replace('.000', '') as Instant

/** An event in which nothing changes, but for what is said otherwise. */
export function event(changes: Partial<NewEvent> = {}): NewEvent {
  const who = { actor: 'root', actorUid: 0, host: 'here', username: 'alice' }
  return { at: at(0), action: 'set', ...who, before: null, after: null, reason: null, details: null, ...changes }
}
