import type { Instant } from '../clock.ts'
import type { AuditEvent } from './event.ts'
import type { Glob } from './glob.ts'
import type { EventRow } from './hash-chain.ts'
import type { CanonicalEvent } from './skim-chain.ts'
import type { StateEvidence } from './verify-state.ts'

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

/** Events by their ids. */
export interface EventRange {
  /** Not included. */
  readonly after: number
  /** Included. */
  readonly upTo: number
}

/** The newest event of the log. */
export interface LogHead {
  readonly id: number
  readonly at: Instant
  readonly hash: string
}

/** The port through which the log is read. What is iterated streams: memory does not grow with the log. */
export interface EventLog {
  /** Newest first. */
  events(filter: EventFilter): AsyncIterable<AuditEvent>
  /** Every row, or those of a range, as they are stored, oldest first, in batches. */
  eventRows(range?: EventRange): AsyncIterable<readonly EventRow[]>
  /** `null` where the log is empty. */
  logHead(): Promise<LogHead | null>
  /** All that is read of the evidence is of one moment. */
  evidence<T>(work: (evidence: Evidence) => Promise<T>): Promise<T>
}

/** The log, and what it must agree with. */
export interface Evidence extends Pick<EventLog, 'eventRows'>, StateEvidence {
  /** All events in order, up to the first that the store cannot spell; `null` where the store makes no such texts. */
  readonly canonicalEvents: (() => AsyncIterable<readonly CanonicalEvent[]>) | null
}
