import { existsSync } from 'node:fs'
import { absentStore } from './absent-store.ts'
import type { Engine } from './engine.ts'
import { kyselyStore } from './kysely-store.ts'
import { nameOf, type StoreLocation } from './location.ts'
import { openSqliteReader, openSqliteWriter } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

export type StoreAccess = 'read' | 'write'

/** Reading never creates anything; writing makes the store where there is none. */
export async function openStore(location: StoreLocation, access: StoreAccess): Promise<Store> {
  if (access === 'write') {
    const { engine, isNew } = await openForWriting(location)
    return { ...kyselyStore(engine), isNew }
  }
  const engine = await openForReading(location)
  return engine === null ? absentStore(nameOf(location)) : kyselyStore(engine)
}

/** Where there is no store there is nothing to take away, and none need be made for it. */
export async function isStoreThere(location: StoreLocation): Promise<boolean> {
  if (location.engine === 'sqlite') return existsSync(location.path)
  const engine = await openForReading(location)
  await engine?.close()
  return engine !== null
}

export async function openForWriting(location: StoreLocation): Promise<{ engine: Engine; isNew: boolean }> {
  if (location.engine === 'postgres') return (await import('./postgres/postgres-store.ts')).openPostgresWriter(location)
  const isNew = !existsSync(location.path)
  return { engine: await openSqliteWriter(location.path), isNew }
}

/** `null` where there is no store yet. */
export async function openForReading(location: StoreLocation): Promise<Engine | null> {
  if (location.engine === 'sqlite') return openSqliteReader(location.path)
  return (await import('./postgres/postgres-store.ts')).openPostgresReader(location)
}
