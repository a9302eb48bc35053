import type { Client } from 'pg'
import type { PostgresLocation } from '../../connection/postgres-location.ts'
import { quote } from '../../iam/quote.ts'
import { migrationList } from '../migration-list.ts'
import { noStore } from '../no-store.ts'
import type { MigrationResult, StoreStatus } from '../store.ts'
import { appliedMigrations, hasStore, migratePostgres, pendingNames } from './postgres-migrations.ts'
import { opening } from './postgres-store.ts'
import { SCHEMA, type Session } from './session.ts'

/** What the migrations have made to hold the chain; each must be there and on. */
const GUARDS: Readonly<Record<string, string>> = {
  events_are_chained: 'refuse_unchained_event',
  events_are_not_changed: 'refuse_change_of_events',
}

/** @throws AdminError NOT_FOUND_STORE */
export async function postgresStatus(location: PostgresLocation): Promise<StoreStatus> {
  return opening(location, async (session) => {
    if (!(await hasStore(session, location.name))) throw noStore(location.name)
    const { client, version } = session
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0')
    const pending = await pendingNames(client)
    const status: StoreStatus = {
      location: location.name,
      engine: 'postgres',
      serverVersion: version,
      migrations: { applied: (await appliedMigrations(client)).map(({ name }) => name), pending },
      integrity: pending.length === 0 ? await integrityProblems(client) : [],
      findings: await settingFindings(session, location),
      ...(await counts(client)),
    }
    await session.end()
    return status
  })
}

/** Makes the store where there is none, and brings an older one up to date. */
export async function migratePostgresStore(location: PostgresLocation): Promise<MigrationResult> {
  return opening(location, async (session) => {
    const isCurrent = (await hasStore(session, location.name)) && (await pendingNames(session.client)).length === 0
    const applied = isCurrent ? [] : await migratePostgres(session, location.name)
    const pending = await pendingNames(session.client)
    await session.end()
    return { location: location.name, applied, pending }
  })
}

async function counts(client: Client) {
  const { rows } = await client.query<{ users: number; assignments: number; bytes: number }>(
    `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM assignments) AS assignments,
       (SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
        WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind = 'r') AS bytes`,
  )
  const head = await client.query<{ id: number; hash: string }>('SELECT id, hash FROM events ORDER BY id DESC LIMIT 1')
  const { users = 0, assignments = 0, bytes = 0 } = rows[0] ?? {}
  return { users, assignments, events: head.rows[0]?.id ?? 0, headHash: head.rows[0]?.hash ?? null, bytes }
}

/** PostgreSQL has no check of a whole database; but what guards the log can be seen. */
async function integrityProblems(client: Client): Promise<readonly string[]> {
  return [
    ...(await guardProblems(client)),
    ...(await named(client, 'the index', 'is not valid', INVALID_INDEXES)),
    ...(await named(client, 'the constraint', 'was never checked', UNCHECKED_CONSTRAINTS)),
  ]
}

async function guardProblems(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; of: string; is_on: boolean; source: string }>(
    `SELECT tgname AS name, relname AS of, tgenabled IN ('O', 'A') AS is_on, prosrc AS source
     FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid
     WHERE relnamespace = '${SCHEMA}'::regnamespace AND NOT tgisinternal ORDER BY tgname`,
  )
  const isGuard = (trigger: { name: string; of: string }) => trigger.of === 'events' && trigger.name in GUARDS
  const unknown = rows.filter((trigger) => !isGuard(trigger))
  const problems = Object.entries(GUARDS).flatMap(([trigger, routine]) => {
    const found = rows.find((row) => isGuard(row) && row.name === trigger)
    if (found === undefined) return [`the trigger ${trigger} of events is gone`]
    if (!found.is_on) return [`the trigger ${trigger} of events is turned off`]
    return isAsMigrated(found.source) ? [] : [`the function ${routine} of the trigger ${trigger} was changed`]
  })
  return [...problems, ...unknown.map(({ name, of }) => `the trigger ${quote(name)} of ${quote(of)} is none of ours`)]
}

function isAsMigrated(source: string): boolean {
  return migrationList.some(({ postgres }) => postgres.includes(source))
}

const INVALID_INDEXES = `
  SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
  WHERE relnamespace = '${SCHEMA}'::regnamespace AND NOT indisvalid`
const UNCHECKED_CONSTRAINTS = `
  SELECT conname AS name FROM pg_constraint WHERE connamespace = '${SCHEMA}'::regnamespace AND NOT convalidated`

async function named(client: Client, kind: string, problem: string, query: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(query)
  return rows.map(({ name }) => `${kind} ${name} ${problem}`)
}

/** A superuser is bound by no right, and a password or an answer that travels in the clear can be read and changed. */
async function settingFindings({ client }: Session, { host, user }: PostgresLocation): Promise<readonly string[]> {
  const { rows } = await client.query<{ fsync: string; is_superuser: string; is_encrypted: boolean | null }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('is_superuser') AS is_superuser,
       (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS is_encrypted`,
  )
  const { fsync, is_superuser: isSuperuser, is_encrypted: isEncrypted } = rows[0] ?? {}
  const isLocal = host.startsWith('/') || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)
  return [
    ...(fsync === 'off' ? ['the server runs with fsync = off: a crash of its machine loses what was written'] : []),
    ...(isSuperuser === 'on' ? [`${user} is a superuser: give the store a role of its own`] : []),
    ...(isEncrypted === false && !isLocal ? ['the connection is not encrypted: sslmode=verify-full'] : []),
  ]
}
