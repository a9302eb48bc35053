import { type Kysely, type SqlBool, sql } from 'kysely'
import type { AuditEvent, NewEvent } from '../audit/event.ts'
import type { EventFilter, EventRange, LogHead } from '../audit/event-log.ts'
import { toEvent } from '../audit/event-row.ts'
import { type Glob, literal } from '../audit/glob.ts'
import { type EventRow, eventHash, GENESIS_HASH } from '../audit/hash-chain.ts'
import type { Instant } from '../clock.ts'
import type { Engine } from './engine.ts'
import { matchesAny } from './matching.ts'
import type { Tables } from './tables.ts'

/** In the order of the table. */
export const EVENT_COLUMNS = [
  'id',
  'at',
  'action',
  'actor',
  'actor_uid',
  'host',
  'username',
  'before',
  'after',
  'reason',
  'details',
  'previous_hash',
  'hash',
] as const

/** Rows of a batch for those who read the whole log. */
const BATCH = 2000

/** Must run inside a transaction that no other writer can enter: it reads the head of the chain and extends it. */
export async function appendEvent(db: Kysely<Tables>, event: NewEvent): Promise<void> {
  const head = await db.selectFrom('events').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst()
  const row = chainedRow(event, head ?? { id: 0, hash: GENESIS_HASH })
  await db.insertInto('events').values(row).execute()
  await putEventRoles(db, row.id, event)
}

/** The event as its row, which follows the head. */
export function chainedRow(event: NewEvent, head: Pick<EventRow, 'id' | 'hash'>): EventRow {
  const row = {
    id: head.id + 1,
    at: event.at,
    action: event.action,
    actor: event.actor,
    actor_uid: event.actorUid,
    host: event.host,
    username: event.username,
    before: toJson(event.before),
    after: toJson(event.after),
    reason: event.reason,
    details: toJson(event.details),
    previous_hash: head.hash,
  }
  return { ...row, hash: eventHash(row) }
}

/** The roles stand in their table: the assignment itself is put before its event. */
async function putEventRoles(db: Kysely<Tables>, eventId: number, { before, after }: NewEvent): Promise<void> {
  const roleArns = new Set([...(before?.roleArns ?? []), ...(after?.roleArns ?? [])])
  if (roleArns.size === 0) return
  await db
    .insertInto('event_roles')
    .columns(['role_id', 'event_id'])
    .expression((from) =>
      from
        .selectFrom('roles')
        .select(['id', sql<number>`CAST(${eventId} AS integer)`.as('event_id')])
        .where('arn', 'in', [...roleArns]),
    )
    .execute()
}

export async function logHead(db: Kysely<Tables>): Promise<LogHead | null> {
  const last = await db
    .selectFrom('events')
    .select(['id', 'at', 'hash'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last === undefined ? null : { ...last, at: last.at as Instant }
}

/** Oldest first. The whole log begins with whatever somebody put before the first event. */
export async function* eventRows(db: Kysely<Tables>, range?: EventRange): AsyncGenerator<readonly EventRow[]> {
  for (let [last, isLast] = [range?.after, false]; !isLast; ) {
    let query = db.selectFrom('events').selectAll().orderBy('id').limit(BATCH)
    if (last !== undefined) query = query.where('id', '>', last)
    if (range !== undefined) query = query.where('id', '<=', range.upTo)
    const page = await query.execute()
    if (page.length > 0) yield page
    last = page.at(-1)?.id
    isLast = page.length < BATCH
  }
}

/** Newest first, as one query: nothing is sorted but ids, and nothing is searched twice. */
export async function* events(engine: Engine, filter: EventFilter): AsyncGenerator<AuditEvent> {
  const bounds = await idBounds(engine, filter)
  if (bounds === null) return
  for await (const rows of engine.stream(matching(engine, filter, bounds))) for (const row of rows) yield toEvent(row)
}

interface Bounds {
  readonly first: number | null
  readonly last: number | null
}

/** Time never runs backwards along the log, so that times are bounds of ids; `null` where nothing is between them. */
async function idBounds({ db }: Engine, { since, until }: EventFilter): Promise<Bounds | null> {
  const first = since === null ? null : await firstEventFrom(db, since)
  const last = until === null ? null : await lastEventUpTo(db, until)
  return first === undefined || last === undefined ? null : { first, last }
}

async function firstEventFrom(db: Kysely<Tables>, moment: Instant): Promise<number | undefined> {
  const query = db.selectFrom('events').select('id').where('at', '>=', moment).orderBy('at').orderBy('id').limit(1)
  return (await query.executeTakeFirst())?.id
}

/** The last event of that moment or before; `undefined` where all are later. */
export async function lastEventUpTo(db: Kysely<Tables>, moment: Instant): Promise<number | undefined> {
  const query = db.selectFrom('events').select('id').where('at', '<=', moment)
  return (await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id
}

function matching(engine: Engine, filter: EventFilter, { first, last }: Bounds) {
  const { users, roles, actors, actions, limit } = filter
  let query = engine.db.selectFrom('events').selectAll().orderBy('id', 'desc')
  if (users.length > 0) query = query.where(matchesText(engine, 'username', users))
  if (actors.length > 0) query = query.where(matchesText(engine, 'actor', actors))
  if (actions.length > 0) query = query.where(matchesText(engine, 'action', actions.map(literal)))
  if (roles.length > 0) query = query.where('id', 'in', eventsOfRoles(engine, roles))
  if (first !== null) query = query.where('id', '>=', first)
  if (last !== null) query = query.where('id', '<=', last)
  return limit === null ? query : query.limit(limit)
}

/**
 * One text is a search of an index that has the ids in order. More than one are not in order; then their ids alone are
 * gathered first, for rows that need sorting could only be shown when all are found.
 */
function matchesText(engine: Engine, column: 'username' | 'actor' | 'action', globs: readonly Glob[]) {
  const condition = matchesAny(engine, sql.ref(column), globs)
  if (globs.length === 1 && globs[0]?.isLiteral) return condition
  return sql<SqlBool>`id IN (SELECT id FROM events WHERE ${condition})`
}

function eventsOfRoles(engine: Engine, globs: readonly Glob[]) {
  return engine.db
    .selectFrom('event_roles')
    .innerJoin('roles', 'roles.id', 'event_roles.role_id')
    .select('event_roles.event_id')
    .where(matchesAny(engine, sql.ref('roles.arn'), globs))
}

export function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}
