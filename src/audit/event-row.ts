import type { Instant } from '../clock.ts'
import type { AuditEvent, EventAction } from './event.ts'
import { parseEventState, parseJsonObject } from './event-state.ts'
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
    before: parseEventState(row.before),
    after: parseEventState(row.after),
    reason: row.reason,
    details: parseJsonObject(row.details),
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}
