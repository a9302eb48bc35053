import type { StoreLocation } from './location.ts'
import type { BackupResult, MigrationResult, StoreStatus } from './store.ts'

/** What `admin store …` does, on whatever engine the store is. */
export async function storeStatus({ path }: StoreLocation): Promise<StoreStatus> {
  return (await import('./sqlite/sqlite-maintenance.ts')).sqliteStatus(path)
}

export async function migrateStore({ path }: StoreLocation): Promise<MigrationResult> {
  return (await import('./sqlite/sqlite-maintenance.ts')).migrateSqliteStore(path)
}

export async function backupStore({ path }: StoreLocation, file: string): Promise<BackupResult> {
  return (await import('./sqlite/sqlite-maintenance.ts')).backupSqliteStore(path, file)
}
