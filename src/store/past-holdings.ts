import { sql } from 'kysely'
import type { EventState } from '../audit/event.ts'
import { parseEventState } from '../audit/event-state.ts'
import { asksAboutRoles, type Holding, type HoldingFilter, isWantedRole, type RoleFilter } from '../audit/holdings.ts'
import type { Instant } from '../clock.ts'
import type { Engine } from './engine.ts'
import { lastEventUpTo } from './event-table.ts'
import { isRoleOf, matchesAny } from './matching.ts'

/**
 * Who held what at a moment, from the events alone: what the last change of each person up to then left them, unless it
 * had run out. Which people may have held a role says the index of roles; what they held say the events.
 */
export async function* holdings(
  engine: Engine,
  filter: HoldingFilter,
  moment: Instant,
): AsyncGenerator<readonly Holding[]> {
  const last = await lastEventUpTo(engine.db, moment)
  if (last === undefined) return
  for await (const rows of engine.stream(lastChanges(engine, filter, last))) {
    const batch = rows.flatMap((row) => toHolding(row, filter, moment) ?? [])
    if (batch.length > 0) yield batch
  }
}

/** An event that left things as they were is none: a login that said the same again, a refusal, a call to AWS. */
function lastChanges(engine: Engine, filter: HoldingFilter, last: number) {
  const later = sql`SELECT 1 FROM events AS later WHERE later.username = e.username
    AND later.id > e.id AND later.id <= ${last} AND later.before IS DISTINCT FROM later.after`
  let query = engine.db
    .selectFrom('events as e')
    .select(['e.username', 'e.at', 'e.actor', 'e.after'])
    .where('e.id', '<=', last)
    .where('e.username', 'is not', null)
    .where('e.after', 'is not', null)
    .whereRef('e.before', 'is distinct from', 'e.after')
    .where(sql<boolean>`NOT EXISTS (${later})`)
    .orderBy('e.username')
  if (filter.users.length > 0) query = query.where(matchesAny(engine, sql.ref('e.username'), filter.users))
  return asksAboutRoles(filter) ? query.where('e.id', 'in', eventsOf(engine, filter)) : query
}

function eventsOf(engine: Engine, filter: RoleFilter) {
  return engine.db
    .selectFrom('roles as r')
    .innerJoin('event_roles as er', 'er.role_id', 'r.id')
    .select('er.event_id')
    .where(isRoleOf(engine, filter))
}

interface Change {
  readonly username: string | null
  readonly at: string
  readonly actor: string
  readonly after: string | null
}

function toHolding({ username, at, actor, after }: Change, filter: HoldingFilter, moment: Instant): Holding | null {
  const state = parseEventState(after)
  if (username === null || state === null || hasRunOut(state, moment)) return null
  if (filter.sources.length > 0 && !filter.sources.includes(state.source)) return null
  const roleArns = state.roleArns.filter((arn) => isWantedRole(filter, arn))
  if (roleArns.length === 0) return null
  return {
    username,
    source: state.source,
    roleArns,
    setAt: at as Instant,
    setBy: actor,
    expiresAt: state.expiresAt as Instant | null,
  }
}

function hasRunOut({ expiresAt }: EventState, moment: Instant): boolean {
  return expiresAt !== null && expiresAt <= moment
}
