/** "admin", and a number for this lock: others may use locks of their own in the same database. */
const KEY = '7017283432541487105'

/**
 * Waits until nobody else writes, and keeps others from it until the transaction ends: the chain of events has one end.
 * A statement of its own, so that those that follow see what the writer before us has committed.
 */
export function lockOutWriters<T>(ask: (text: string) => Promise<T>): Promise<T> {
  return ask(`SELECT pg_advisory_xact_lock(${KEY}), pg_current_xact_id()::text AS xid`)
}
