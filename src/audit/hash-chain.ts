import { hash } from 'node:crypto'

/** An event exactly as its row holds it: the JSON columns are text here, so that no re-encoding can change the hash. */
export interface EventRow {
  readonly id: number
  readonly at: string
  readonly action: string
  readonly actor: string
  readonly actor_uid: number
  readonly host: string
  readonly username: string | null
  readonly before: string | null
  readonly after: string | null
  readonly reason: string | null
  readonly details: string | null
  readonly previous_hash: string
  readonly hash: string
}

/** Stands before the first event. */
export const GENESIS_HASH = '0'.repeat(64)

/**
 * The hash of an event: SHA-256, in lower-case hex, of its canonical text. Each hash thereby covers all before it.
 */
export function eventHash(row: Omit<EventRow, 'hash'>): string {
  return textHash(canonicalText(row))
}

export function textHash(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * The previous event's hash, a line feed, and the row as one JSON array of its columns from `id` to `details` in the
 * order of the table.
 */
export function canonicalText(row: Omit<EventRow, 'hash'>): string {
  const columns = JSON.stringify([
    row.id,
    row.at,
    row.action,
    row.actor,
    row.actor_uid,
    row.host,
    row.username,
    row.before,
    row.after,
    row.reason,
    row.details,
  ])
  return `${row.previous_hash}\n${columns}`
}
