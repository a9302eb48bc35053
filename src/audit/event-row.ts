import type { Instant } from '../clock.ts'
import type { AuditEvent, EventAction, EventState } from './event.ts'
import type { EventRow } from './hash-chain.ts'

/** An event as it is shown. */
export function toEvent(row: EventRow): AuditEvent {
  return {
    id: row.id,
    at: row.at as Instant,
    action: row.action as EventAction,
    actor: row.actor,
    actorUid: row.actor_uid,
    host: row.host,
    username: row.username,
    before: parseObject<EventState>(row.before),
    after: parseObject<EventState>(row.after),
    reason: row.reason,
    details: parseObject<Record<string, unknown>>(row.details),
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

/** The column `before` or `after`; `null` also for what somebody edited until it was no state any more. */
export function parseEventState(text: string | null): EventState | null {
  const state = parseObject<EventState>(text)
  return state !== null && Array.isArray(state.roleArns) ? state : null
}

/** A row that somebody edited may hold anything; listing the log must survive it, `audit verify` names it. */
function parseObject<T>(text: string | null): T | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? (value as T) : null
  } catch {
    return null
  }
}
