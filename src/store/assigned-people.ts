import { type Kysely, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { AssignedPerson, HeldRole } from '../audit/assigned-people.ts'
import type { Instant } from '../clock.ts'
import type { Tables } from './tables.ts'

const PAGE = 1000

/** Everything that is assigned, run out or not, sorted by name. */
export function assignments(db: Kysely<Tables>): AsyncGenerator<readonly AssignedPerson[]> {
  return byName(db, (page) => page)
}

export function peopleWithRoles(db: Kysely<Tables>, now: Instant): AsyncGenerator<readonly AssignedPerson[]> {
  return byName(db, (page) => withRoles(page, now))
}

export function neverUsed(
  db: Kysely<Tables>,
  now: Instant,
  since: Instant | null,
): AsyncGenerator<readonly AssignedPerson[]> {
  return byName(db, (page) =>
    withRoles(page, now).where((where) => {
      const never = where('u.last_sso_login', 'is', null)
      return since === null ? never : where.or([never, where('u.last_sso_login', '<', since)])
    }),
  )
}

/** In the order of the index over the ends. */
export async function* expiring(
  db: Kysely<Tables>,
  now: Instant,
  until: Instant,
): AsyncGenerator<readonly AssignedPerson[]> {
  let query = people(db).where('a.expires_at', '>', now)
  for (let isLast = false; !isLast; ) {
    const page = await query
      .where('a.expires_at', '<=', until)
      .orderBy('a.expires_at')
      .orderBy('a.user_id')
      .limit(PAGE)
      .execute()
    yield await toPeople(db, page)
    const end = page.at(-1)
    if (end !== undefined) query = endingAfter(people(db), end)
    isLast = page.length < PAGE
  }
}

function endingAfter(page: People, { expires_at: end, id }: PersonRow): People {
  return page
    .where('a.expires_at', '>=', end)
    .where((where) => where.or([where('a.expires_at', '>', end), where('a.user_id', '>', id)]))
}

export async function heldRoles(db: Kysely<Tables>, now: Instant): Promise<readonly HeldRole[]> {
  const rows = await db
    .selectFrom('roles as r')
    .innerJoin('assignment_roles as ar', 'ar.role_id', 'r.id')
    .innerJoin('assignments as a', 'a.user_id', 'ar.user_id')
    .select(['r.arn', 'r.account_id'])
    .select((of) => of.fn.countAll().as('holders'))
    // An instant has twenty characters: the last one brings its author along.
    .select(sql<string>`max(a.set_at || a.set_by)`.as('last'))
    .where(counts(now))
    .groupBy(['r.arn', 'r.account_id'])
    .orderBy('r.arn')
    .execute()
  return rows.map(({ arn, account_id: accountId, holders, last }) => ({
    roleArn: arn,
    accountId,
    holders: Number(holders),
    setAt: last.slice(0, 20) as Instant,
    setBy: last.slice(20),
  }))
}

type People = ReturnType<typeof people>

function people(db: Kysely<Tables>) {
  return db
    .selectFrom('users as u')
    .innerJoin('assignments as a', 'a.user_id', 'u.id')
    .select(['u.id', 'u.username', 'u.last_sso_login', 'a.source', 'a.set_at', 'a.set_by', 'a.expires_at'])
}

type PersonRow = People extends SelectQueryBuilder<infer _D, infer _T, infer Row> ? Row : never

function withRoles(page: People, now: Instant): People {
  return page
    .where(counts(now))
    .where(sql<SqlBool>`EXISTS (SELECT 1 FROM assignment_roles AS ar WHERE ar.user_id = a.user_id)`)
}

/** That an assignment has not run out. */
function counts(now: Instant) {
  return sql<SqlBool>`(a.expires_at IS NULL OR a.expires_at > ${now})`
}

async function* byName(
  db: Kysely<Tables>,
  narrow: (page: People) => People,
): AsyncGenerator<readonly AssignedPerson[]> {
  for (let [after, isLast]: [string | null, boolean] = [null, false]; !isLast; ) {
    const page = await narrow(after === null ? people(db) : people(db).where('u.username', '>', after))
      .orderBy('u.username')
      .limit(PAGE)
      .execute()
    yield await toPeople(db, page)
    after = page.at(-1)?.username ?? null
    isLast = page.length < PAGE
  }
}

/** With their roles, in the order of the page. */
async function toPeople(db: Kysely<Tables>, page: readonly PersonRow[]): Promise<readonly AssignedPerson[]> {
  const roleArns = await rolesOf(db, page)
  return page.map((row) => ({
    username: row.username,
    source: row.source,
    roleArns: roleArns.get(row.id) ?? [],
    setAt: row.set_at as Instant,
    setBy: row.set_by,
    expiresAt: row.expires_at as Instant | null,
    lastSsoLogin: row.last_sso_login as Instant | null,
  }))
}

async function rolesOf(db: Kysely<Tables>, page: readonly PersonRow[]): Promise<ReadonlyMap<number, string[]>> {
  const roles = new Map(page.map(({ id }): [number, string[]] => [id, []]))
  if (roles.size === 0) return roles
  const rows = await db
    .selectFrom('assignment_roles as ar')
    .leftJoin('roles as r', 'r.id', 'ar.role_id')
    .select(['ar.user_id', 'r.arn'])
    .where('ar.user_id', 'in', [...roles.keys()])
    .orderBy('ar.user_id')
    .orderBy('ar.position')
    .execute()
  for (const { user_id: userId, arn } of rows) roles.get(userId)?.push(arn ?? '')
  return roles
}
