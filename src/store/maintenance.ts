import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'
import type { StoreLocation } from './location.ts'
import type { BackupResult, CopyResult, MigrationResult, StoreStatus } from './store.ts'

/** What `admin store …` does, on whatever engine the store is. */
export async function storeStatus(location: StoreLocation): Promise<StoreStatus> {
  if (location.engine === 'sqlite') return (await sqlite()).sqliteStatus(location.path)
  return (await postgres()).postgresStatus(location)
}

export async function migrateStore(location: StoreLocation): Promise<MigrationResult> {
  if (location.engine === 'sqlite') return (await sqlite()).migrateSqliteStore(location.path)
  return (await postgres()).migratePostgresStore(location)
}

/** @throws AdminError REFUSED_ENGINE for a store that is no file */
export async function backupStore(location: StoreLocation, file: string): Promise<BackupResult> {
  if (location.engine === 'sqlite') return (await sqlite()).backupSqliteStore(location.path, file)
  const { host, port, user, database } = location
  const server = `-h ${shellQuote(host)} -p ${port} -U ${shellQuote(user)} -d ${shellQuote(database)}`
  throw new AdminError(
    'REFUSED_ENGINE',
    `${location.name} is no file that could be copied; PostgreSQL has its own backup`,
    {
      suggestions: [
        `pg_dump ${server} --schema=admin --format=custom --file=${shellQuote(file)}`,
        `admin store copy --to sqlite://${shellQuote(file.startsWith('/') ? file : `/path/of/${file}`)}`,
      ],
    },
  )
}

export async function copyStore(from: StoreLocation, to: StoreLocation): Promise<CopyResult> {
  return (await import('./copy-store.ts')).copyStore(from, to)
}

function sqlite() {
  return import('./sqlite/sqlite-maintenance.ts')
}

function postgres() {
  return import('./postgres/postgres-maintenance.ts')
}
