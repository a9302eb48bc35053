import { type Expression, type SqlBool, sql } from 'kysely'
import { asksAboutRoles, type Holding, type HoldingFilter, type RoleFilter } from '../audit/holdings.ts'
import type { Instant } from '../clock.ts'
import type { Engine } from './engine.ts'
import { isRoleOf, matchesAny } from './matching.ts'

/**
 * Who holds what at this moment, from the assignments: one statement, so that the answer is of one moment. Roles come as
 * ids, of which a store has few; their ARNs, which never change, are looked up once.
 */
export async function* holdings(
  engine: Engine,
  filter: HoldingFilter,
  now: Instant,
): AsyncGenerator<readonly Holding[]> {
  const [role, another] = filter.roles
  if (role?.isLiteral && another === undefined) {
    yield* holdingsOf(engine, role.text, filter, now)
    return
  }
  const isForAll = !asksAboutRoles(filter)
  const known = isForAll ? new Map<string, string>() : await wantedRoles(engine, filter)
  if (!isForAll && known.size === 0) return
  for await (const rows of engine.stream(assigned(engine, filter, now))) {
    const people = rows.map((row) => ({ ...row, ids: row.role_ids?.split(',') ?? [] }))
    if (isForAll) await learn(engine, known, people)
    const batch = people.flatMap((person) => toHolding(person, known) ?? [])
    if (batch.length > 0) yield batch
  }
}

/** Who holds one role: what is asked most, and nothing but its holders need be read. */
async function* holdingsOf(
  engine: Engine,
  role: string,
  filter: HoldingFilter,
  now: Instant,
): AsyncGenerator<readonly Holding[]> {
  const held = engine.db
    .selectFrom('roles as r')
    .innerJoin('assignment_roles as held', 'held.role_id', 'r.id')
    .innerJoin('users as u', 'u.id', 'held.user_id')
    .innerJoin('assignments as a', 'a.user_id', 'held.user_id')
    .select(['u.username', 'a.source', 'a.set_at', 'a.set_by', 'a.expires_at'])
    .where('r.arn', '=', role)
    .where(conditions(engine, filter, now))
    .orderBy('u.username')
  const query = filter.accounts.length > 0 ? held.where(engine.isOneOf(sql.ref('r.account_id'), filter.accounts)) : held
  engine.expectFew()
  for await (const rows of engine.stream(query)) yield rows.map((row) => holding(row, [role]))
}

/** People who have any of the roles; which of their roles that are is seen when their ARNs are known. */
function assigned(engine: Engine, filter: HoldingFilter, now: Instant) {
  const query = engine.db
    .selectFrom('users as u')
    .innerJoin('assignments as a', 'a.user_id', 'u.id')
    .select(['u.username', 'a.source', 'a.set_at', 'a.set_by', 'a.expires_at', ALL_ROLE_IDS.as('role_ids')])
    .where(conditions(engine, filter, now))
    .orderBy('u.username')
  return asksAboutRoles(filter) ? query.where('u.id', 'in', holders(engine, filter)) : query
}

/** Those that concern the person and the assignment as a whole. */
function conditions(engine: Engine, { users, sources }: HoldingFilter, now: Instant): Expression<SqlBool> {
  const all: Expression<SqlBool>[] = [sql<SqlBool>`(a.expires_at IS NULL OR a.expires_at > ${now})`]
  if (users.length > 0) all.push(matchesAny(engine, sql.ref('u.username'), users))
  if (sources.length > 0) all.push(engine.isOneOf(sql.ref('a.source'), sources))
  return sql<SqlBool>`${sql.join(all, sql` AND `)}`
}

const ALL_ROLE_IDS = sql<string | null>`(
  SELECT string_agg(CAST(ar.role_id AS text), ',' ORDER BY ar.position)
  FROM assignment_roles AS ar WHERE ar.user_id = a.user_id)`

function holders(engine: Engine, filter: RoleFilter) {
  return engine.db
    .selectFrom('roles as r')
    .innerJoin('assignment_roles as held', 'held.role_id', 'r.id')
    .select('held.user_id')
    .where(isRoleOf(engine, filter))
}

interface Row {
  readonly username: string
  readonly source: 'cli' | 'sso'
  readonly set_at: string
  readonly set_by: string
  readonly expires_at: string | null
}

interface Person extends Row {
  readonly ids: readonly string[]
}

async function wantedRoles(engine: Engine, filter: RoleFilter): Promise<Map<string, string>> {
  const rows = await engine.db
    .selectFrom('roles as r')
    .select(['r.id', 'r.arn'])
    .where(isRoleOf(engine, filter))
    .execute()
  return new Map(rows.map(({ id, arn }) => [String(id), arn]))
}

/** Looks up the roles that were not seen before. */
async function learn({ db }: Engine, known: Map<string, string>, people: readonly Person[]): Promise<void> {
  const unknown = new Set<number>()
  for (const { ids } of people) for (const id of ids) if (!known.has(id)) unknown.add(Number(id))
  const ids = [...unknown]
  for (let start = 0; start < ids.length; start += MOST_PARAMETERS) {
    const part = ids.slice(start, start + MOST_PARAMETERS)
    const rows = await db.selectFrom('roles').select(['id', 'arn']).where('id', 'in', part).execute()
    for (const { id, arn } of rows) known.set(String(id), arn)
  }
}

/** SQLite takes 32,766 in a statement, PostgreSQL 65,535. */
const MOST_PARAMETERS = 10_000

function toHolding(person: Person, known: ReadonlyMap<string, string>): Holding | null {
  const roleArns: string[] = []
  for (const id of person.ids) {
    const arn = known.get(id)
    if (arn !== undefined) roleArns.push(arn)
  }
  return roleArns.length === 0 ? null : holding(person, roleArns)
}

function holding(row: Row, roleArns: readonly string[]): Holding {
  const { username, source, set_at: setAt, set_by: setBy, expires_at: expiresAt } = row
  return { username, source, roleArns, setAt: setAt as Instant, setBy, expiresAt: expiresAt as Instant | null }
}
