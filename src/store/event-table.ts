import { type Kysely, sql } from 'kysely'
import type { AuditEvent, EventAction, NewEvent } from '../audit/event.ts'
import type { EventFilter } from '../audit/event-log.ts'
import type { Glob } from '../audit/glob.ts'
import { type EventRow, eventHash, GENESIS_HASH } from '../audit/hash-chain.ts'
import type { Instant } from '../clock.ts'
import type { Engine } from './engine.ts'
import { parseEventState, parseJsonObject } from './event-state.ts'
import { matchesAny } from './matching.ts'
import type { Tables } from './tables.ts'

const PAGE = 1000

/** Must run inside a transaction that no other writer can enter: it reads the head of the chain and extends it. */
export async function appendEvent(db: Kysely<Tables>, event: NewEvent): Promise<void> {
  const head = await db.selectFrom('events').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst()
  const row = {
    id: (head?.id ?? 0) + 1,
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
    previous_hash: head?.hash ?? GENESIS_HASH,
  }
  await db
    .insertInto('events')
    .values({ ...row, hash: eventHash(row) })
    .execute()
  await putEventRoles(db, row.id, event)
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

export async function lastEventAt(db: Kysely<Tables>): Promise<Instant | null> {
  const last = await db.selectFrom('events').select('at').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return last === undefined ? null : (last.at as Instant)
}

/** Oldest first, a page of rows at a time. */
export async function* eventRows(db: Kysely<Tables>): AsyncGenerator<EventRow> {
  let last = 0
  for (;;) {
    const page = await db.selectFrom('events').selectAll().where('id', '>', last).orderBy('id').limit(PAGE).execute()
    yield* page
    const end = page.at(-1)
    if (end === undefined || page.length < PAGE) return
    last = end.id
  }
}

/** Newest first, a page of rows at a time. */
export async function* events(engine: Engine, filter: EventFilter): AsyncGenerator<AuditEvent> {
  let before = Number.MAX_SAFE_INTEGER
  let left = filter.limit ?? Number.POSITIVE_INFINITY
  while (left > 0) {
    const size = Math.min(PAGE, left)
    const page = await matching(engine, filter).where('id', '<', before).orderBy('id', 'desc').limit(size).execute()
    for (const row of page) yield toEvent(row)
    const end = page.at(-1)
    if (end === undefined || page.length < size) return
    before = end.id
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

function toEvent(row: EventRow): AuditEvent {
  return {
    id: row.id,
    at: row.at as Instant,
    action: row.action as EventAction,
    actor: row.actor,
    actorUid: row.actor_uid,
    host: row.host,
    username: row.username,
    before: parseEventState(row.before),
    after: parseEventState(row.after),
    reason: row.reason,
    details: parseJsonObject(row.details),
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}
