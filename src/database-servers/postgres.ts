import type { Client } from 'pg'
import {
  asksForAnotherWay,
  denied,
  explainPostgresConnection,
  noPassword,
  type PostgresPlace,
  seenIn,
  unavailable,
} from '../connection/postgres-failures.ts'
import type { PostgresLocation } from '../connection/postgres-location.ts'
import { byFirstWay, type Tls, tlsWays } from '../connection/tls-options.ts'
import type { Member, PostgresFacts, PostgresServer, PostgresUser } from '../databases/iam-users/postgres-server.ts'
import { AdminError } from '../errors.ts'
import { withKnownWords } from '../known-errors/explain.ts'

/**
 * Connects, does the work, and leaves.
 *
 * @throws AdminError DENIED_DATABASE, NOT_FOUND_DATABASE, UNAVAILABLE_DATABASE
 */
export async function withPostgresServer<T>(
  location: PostgresLocation,
  work: (server: PostgresServer) => Promise<T>,
): Promise<T> {
  try {
    const client = await byFirstWay(
      tlsWays(location.tls, location.host),
      (tls) => connect(location, tls),
      asksForAnotherWay,
    )
    try {
      return await work(serverOn(client, location.name))
    } finally {
      await client.end().catch(() => {})
    }
  } catch (error) {
    throw explain(error, location)
  }
}

/** What the environment would say is said here: the driver itself must look for nothing. */
async function connect(location: PostgresLocation, tls: Tls): Promise<Client> {
  const { host, port, user, database, connectTimeout } = location
  const { Client } = (await import('pg')).default
  const password = async () => {
    const known = await location.password()
    if (known === null) throw noPassword(location, 'DENIED_DATABASE')
    return known
  }
  const settings = { application_name: 'admin', connectionTimeoutMillis: connectTimeout, query_timeout: 60_000 }
  const client = new Client({ host, port, user, database, password, ssl: tls, ...settings })
  // Without a listener what the server says between two statements would end the program.
  client.on('error', () => {})
  try {
    await client.connect()
    // Names are those of the system, whatever the search path of this user says.
    await client.query('SET search_path = pg_catalog')
    return client
  } catch (error) {
    client.end().catch(() => {})
    throw error
  }
}

function serverOn(client: Client, name: string): PostgresServer {
  return {
    name,
    inTransaction: (work) => inTransaction(client, work),
    facts: () => readFacts(client),
    findUser: (user) => findUser(client, user),
    namesLike: (user) => namesLike(client, user),
    membersOf: (role) => membersOf(client, role),
    run: async (statement) => void (await client.query(statement)),
  }
}

async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

const FACTS = `SELECT current_setting('server_version') AS version,
  pg_is_in_recovery() AS "isReplica", session_user::text AS "connectedAs",
  EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') AS "hasIamRole",
  EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_superuser') AS "isOfRds"`

async function readFacts(client: Client): Promise<PostgresFacts> {
  const { rows: told } = await client.query<{ version: string }>('SELECT version() AS version')
  const version = told[0]?.version ?? ''
  const none = { isReplica: false, connectedAs: '', hasIamRole: false, isOfRds: true }
  if (/Redshift/.test(version)) return { ...none, version, isRedshift: true }
  const { rows } = await client.query<Omit<PostgresFacts, 'isRedshift'>>(FACTS)
  const [facts] = rows
  if (facts === undefined) throw new Error('the server answered a SELECT without FROM with no row')
  return { ...facts, isRedshift: false }
}

async function findUser(client: Client, user: string): Promise<PostgresUser | null> {
  const { rows } = await client.query<Omit<PostgresUser, 'hasPassword'>>(
    `SELECT rolname::text AS name, rolcanlogin AS "canLogin", rolsuper AS "isSuperuser", rolreplication AS "isReplication"
      FROM pg_roles WHERE rolname = $1`,
    [user],
  )
  const [found] = rows
  return found === undefined ? null : { ...found, hasPassword: await hasPassword(client, user) }
}

/** RDS shows passwords to nobody, not even as hashes. */
async function hasPassword(client: Client, user: string): Promise<boolean | null> {
  const { rows: may } = await client.query<{ may: boolean }>("SELECT has_table_privilege('pg_authid', 'SELECT') AS may")
  if (may[0]?.may !== true) return null
  const { rows } = await client.query<{ has: boolean }>(
    'SELECT rolpassword IS NOT NULL AS has FROM pg_authid WHERE rolname = $1',
    [user],
  )
  return rows[0]?.has ?? null
}

async function namesLike(client: Client, user: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT rolname::text AS name FROM pg_roles WHERE lower(rolname::text) = lower($1) AND rolname <> $1 ORDER BY 1',
    [user],
  )
  return rows.map(({ name }) => name)
}

/** Before PostgreSQL 16 a membership has neither option, and every member inherits or may become the role. */
const MEMBERS = `WITH RECURSIVE edges AS (
    SELECT roleid, member, NOT bool_or(coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)
      OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)) AS is_admin_only
    FROM pg_auth_members m GROUP BY roleid, member),
  members AS (
    SELECT e.member, e.is_admin_only FROM edges e JOIN pg_roles r ON r.oid = e.roleid WHERE r.rolname = $1
    UNION SELECT e.member, e.is_admin_only OR m.is_admin_only FROM edges e JOIN members m ON e.roleid = m.member)
  SELECT r.rolname::text AS name, r.rolcanlogin AS "canLogin",
    bool_and(m.is_admin_only) AS "isAdminOnly"
  FROM members m JOIN pg_roles r ON r.oid = m.member
  GROUP BY r.rolname, r.rolcanlogin ORDER BY r.rolname`

async function membersOf(client: Client, role: string): Promise<readonly Member[]> {
  return (await client.query<Member>(MEMBERS, [role])).rows
}

function explain(error: unknown, location: PostgresLocation): unknown {
  const seen = error instanceof AdminError ? null : seenIn(error)
  if (seen === null) return error
  const place = placeOf(location)
  const ofStatement = explainStatement(seen.code, seen.message, place)
  const explained =
    ofStatement === null ? explainPostgresConnection(seen, place) : withKnownWords(ofStatement, seen.message)
  if (explained === null) return error
  const { code, message, suggestions, details } = explained
  return new AdminError(code, message, { suggestions, details, cause: error })
}

function placeOf({ name, host }: PostgresLocation): PostgresPlace {
  const afterwards = 'nothing was changed; it is safe to run the command again'
  return { name, host, denied: 'DENIED_DATABASE', unavailable: 'UNAVAILABLE_DATABASE', afterwards }
}

function explainStatement(code: string, message: string, place: PostgresPlace): AdminError | null {
  const { name } = place
  if (code === '42501') {
    const advice = 'nothing was changed; connect as the master user, or as one with CREATEROLE that may grant rds_iam'
    return denied(place, `the rights of this user do not suffice at ${name}: ${message}\n${advice}`)
  }
  if (code === '3D000') {
    const text = `there is no such database at ${name}: ${message}`
    return new AdminError('NOT_FOUND_DATABASE', text, { details: { server: name } })
  }
  if (/^(42710|23505|40001|40P01|XX000)$/.test(code))
    return unavailable(place, `somebody else changes the users of ${name} at the same time: ${message}`)
  return code === '57014' ? unavailable(place, `${name} took too long for a statement, or was told to stop`) : null
}
