import { existsSync } from 'node:fs'
import { absentStore } from './absent-store.ts'
import { nameOf, type StoreLocation } from './location.ts'
import { openSqliteReader, openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

export type StoreAccess = 'read' | 'write'

/** Reading never creates anything; writing makes the store where there is none. */
export async function openStore(location: StoreLocation, access: StoreAccess): Promise<Store> {
  if (access === 'write') return openForWriting(location)
  return (await openForReading(location)) ?? absentStore(nameOf(location))
}

/** Where there is no store there is nothing to take away, and none need be made for it. */
export async function isStoreThere(location: StoreLocation): Promise<boolean> {
  if (location.engine === 'sqlite') return existsSync(location.path)
  const store = await openForReading(location)
  await store?.close()
  return store !== null
}

async function openForWriting(location: StoreLocation): Promise<Store> {
  if (location.engine === 'postgres') return (await import('./postgres/postgres-store.ts')).openPostgresStore(location)
  const isNew = !existsSync(location.path)
  return { ...(await openSqliteStore(location.path)), isNew }
}

async function openForReading(location: StoreLocation): Promise<Store | null> {
  if (location.engine === 'sqlite') return openSqliteReader(location.path)
  return (await import('./postgres/postgres-store.ts')).openPostgresReader(location)
}
