import { type Kysely, sql } from 'kysely'
import type { AuditEvent, NewEvent } from '../audit/event.ts'
import type { EventFilter, EventRange, LogHead } from '../audit/event-log.ts'
import { toEvent } from '../audit/event-row.ts'
import type { Glob } from '../audit/glob.ts'
import { type EventRow, eventHash, GENESIS_HASH } from '../audit/hash-chain.ts'
import type { Instant } from '../clock.ts'
import type { Engine } from './engine.ts'
import { matchesAny } from './matching.ts'
import type { Tables } from './tables.ts'

const PAGE = 1000
/** Rows of a batch for those who read the whole log. */
const BATCH = 2000

/** No id is larger: in PostgreSQL they have 32 bits. */
const LAST_ID = 2 ** 31 - 1

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

/** Newest first, a page of rows at a time. */
export async function* events(engine: Engine, filter: EventFilter): AsyncGenerator<AuditEvent> {
  let last = LAST_ID
  let left = filter.limit ?? Number.POSITIVE_INFINITY
  while (left > 0) {
    const size = Math.min(PAGE, left)
    const page = await matching(engine, filter).where('id', '<=', last).orderBy('id', 'desc').limit(size).execute()
    for (const row of page) yield toEvent(row)
    const end = page.at(-1)
    if (end === undefined || page.length < size) return
    last = end.id - 1
    left -= page.length
  }
}

function matching(engine: Engine, filter: EventFilter) {
  const { db } = engine
  let query = db.selectFrom('events').selectAll()
  if (filter.users.length > 0) query = query.where(matchesAny(engine, sql.ref('username'), filter.users))
  if (filter.actors.length > 0) query = query.where(matchesAny(engine, sql.ref('actor'), filter.actors))
  if (filter.actions.length > 0) query = query.where('action', 'in', filter.actions)
  if (filter.roles.length > 0) query = query.where('id', 'in', eventsOfRoles(engine, filter.roles))
  if (filter.since !== null) query = query.where('at', '>=', filter.since)
  if (filter.until !== null) query = query.where('at', '<=', filter.until)
  return query
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
