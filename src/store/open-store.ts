import { absentStore } from './absent-store.ts'
import type { StoreLocation } from './location.ts'
import { openSqliteReader, openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

export type StoreAccess = 'read' | 'write'

/** Reading never creates anything; writing makes the store where there is none. */
export async function openStore(location: StoreLocation, access: StoreAccess): Promise<Store> {
  if (access === 'write') return openSqliteStore(location.path)
  return (await openSqliteReader(location.path)) ?? absentStore(location.path)
}
