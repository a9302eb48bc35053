import type { Instant } from '../clock.ts'
import type { AuditEvent } from './event.ts'
import type { Glob } from './glob.ts'
import type { EventRow } from './hash-chain.ts'

/** Values of one kind are alternatives, kinds are conditions that must all hold. */
export interface EventFilter {
  readonly users: readonly Glob[]
  /** Matches where the role is held before or after the event. */
  readonly roles: readonly Glob[]
  readonly actors: readonly Glob[]
  readonly actions: readonly string[]
  /** Inclusive. */
  readonly since: Instant | null
  /** Inclusive. */
  readonly until: Instant | null
  readonly limit: number | null
}

/** The port through which the log is read. Both answers stream: memory does not grow with the log. */
export interface EventLog {
  /** Newest first. */
  events(filter: EventFilter): AsyncIterable<AuditEvent>
  /** Every row as it is stored, oldest first, for the verification of the chain. */
  eventRows(): AsyncIterable<EventRow>
}
