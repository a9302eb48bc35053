import type { Instant } from '../clock.ts'
import type { Holding } from './holdings.ts'

/** Somebody to whom something is assigned, with all of it. */
export interface AssignedPerson extends Holding {
  readonly lastSsoLogin: Instant | null
}

/** A role that people may use. */
export interface HeldRole {
  readonly roleArn: string
  readonly accountId: string
  /** How many people. */
  readonly holders: number
  /** When it was last given to somebody, and by whom. */
  readonly setAt: Instant
  readonly setBy: string
}

/** The port of the small audits. Assignments that have run out at the moment `now` count for nothing. */
export interface AssignedPeople {
  /** Who may use some role, sorted by name. */
  peopleWithRoles(now: Instant): AsyncIterable<readonly AssignedPerson[]>
  /** Those of them without a login by single sign-on, at all or since that moment, sorted by name. */
  neverUsed(now: Instant, since: Instant | null): AsyncIterable<readonly AssignedPerson[]>
  /** Whose assignment ends by then, soonest first. */
  expiring(now: Instant, until: Instant): AsyncIterable<readonly AssignedPerson[]>
  /** Sorted by ARN. */
  heldRoles(now: Instant): Promise<readonly HeldRole[]>
}
