import { hash } from 'node:crypto'
import type { Client } from 'pg'
import { AdminError } from '../../errors.ts'
import type { Migration } from '../migration.ts'
import { type AppliedMigration, pendingMigrations, refuseOtherSteps, refusePending } from '../migration-check.ts'
import { migrationList } from '../migration-list.ts'
import { SCHEMA, type Session } from './session.ts'
import { lockOutWriters } from './writers-lock.ts'

/** Before an older store is brought up to date. */
const HOW_TO_KEEP = `pg_dump --schema=${SCHEMA}`

interface PostgresMigration extends AppliedMigration {
  readonly sql: string
}

/**
 * Whether there is a store. A schema of our name in which nothing stands may become one.
 *
 * @throws AdminError INVALID_DATABASE where the schema belongs to something else
 */
export async function hasStore({ client }: Session, location: string): Promise<boolean> {
  const { rows } = await client.query<{ tables: number; is_ours: boolean }>(
    `SELECT count(*)::int AS tables, coalesce(bool_or(relname = 'migrations'), false) AS is_ours
     FROM pg_catalog.pg_class WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)`,
    [SCHEMA],
  )
  const { tables = 0, is_ours: isOurs = false } = rows[0] ?? {}
  if (isOurs || tables === 0) return isOurs
  const message = `the schema "${SCHEMA}" of ${location} belongs to something else: it has no table migrations`
  throw new AdminError('INVALID_DATABASE', `${message}\ngive the store a database of its own`)
}

/**
 * For readers. The schema is named: who may not look into it is else told that there is no such table.
 *
 * @throws AdminError REFUSED_MIGRATIONS
 */
export async function refuseOtherSchema({ client }: Session, location: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${SCHEMA}.migrations ORDER BY id`)
  const known = migrationList.map(({ name }) => name)
  refuseOtherSteps(
    known,
    rows.map(({ name }) => name),
    location,
    HOW_TO_KEEP,
  )
}

/** For writers. @throws AdminError REFUSED_MIGRATIONS, also where a step was edited after it was applied */
export async function refusePendingSteps({ client }: Session, location: string): Promise<void> {
  refusePending(await pendingNames(client), location, HOW_TO_KEEP)
}

/** The names of the steps that this store has not been through yet. */
export async function pendingNames(client: Client): Promise<readonly string[]> {
  return pendingMigrations(knownSteps(), await appliedMigrations(client)).map(({ name }) => name)
}

export async function appliedMigrations(client: Client): Promise<readonly AppliedMigration[]> {
  return (await client.query<AppliedMigration>(`SELECT name, checksum FROM ${SCHEMA}.migrations ORDER BY id`)).rows
}

/**
 * Applies the steps still to do, all or none, and answers their names. Where several hosts start at once the others wait
 * for the lock of the writers and then find nothing to do.
 *
 * @throws AdminError REFUSED_MIGRATIONS, INVALID_DATABASE
 */
export async function migratePostgres(session: Session, location: string): Promise<readonly string[]> {
  const { client } = session
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE')
  try {
    await lockOutWriters((text) => client.query(text))
    if (!(await hasStore(session, location))) await initialise(client)
    const pending = pendingMigrations(knownSteps(), await appliedMigrations(client))
    for (const step of pending) await apply(client, step)
    await client.query('COMMIT')
    return pending.map(({ name }) => name)
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

function knownSteps(): readonly PostgresMigration[] {
  return migrationList.map(({ name, postgres }: Migration) => ({
    name,
    checksum: hash('sha256', postgres, 'hex'),
    sql: postgres,
  }))
}

/** The administrator of the database may have made the schema for us: then the right to make one is not needed. */
async function initialise(client: Client): Promise<void> {
  const { rows } = await client.query('SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1', [SCHEMA])
  if (rows.length === 0) await client.query(`CREATE SCHEMA ${SCHEMA}`)
  await client.query(
    `CREATE TABLE migrations (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE,
     checksum text NOT NULL, applied_at text NOT NULL)`,
  )
}

async function apply(client: Client, { name, checksum, sql }: PostgresMigration): Promise<void> {
  await client.query('SET LOCAL statement_timeout = 0')
  await client.query(sql)
  const now = `${new Date().toISOString().slice(0, 19)}Z`
  await client.query('INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, $3)', [name, checksum, now])
}
