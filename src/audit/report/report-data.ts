import type { Instant } from '../../clock.ts'
import type { EventState } from '../event.ts'
import type { BrokenEvent } from '../tampering.ts'
import type { StateDifference } from '../verify-state.ts'

/** All that the page shows. Counts are of the whole store, also where lists are cut. */
export interface ReportData {
  readonly title: string
  /** Where it was made. */
  readonly host: string
  readonly madeAt: Instant
  /** Of this program. */
  readonly version: string
  readonly store: ReportedStore
  readonly figures: Figures
  readonly findings: readonly Finding[]
  /** Every role that somebody holds, sorted; people refer to it by index. */
  readonly roleArns: readonly string[]
  /** Sorted by name; at most {@link MOST_PEOPLE}. */
  readonly people: readonly ReportedPerson[]
  /** Oldest first; a day without events is left out. */
  readonly days: readonly ReportedDay[]
  /** Newest first; at most {@link MOST_EVENTS}. */
  readonly newest: readonly ReportedEvent[]
}

export interface ReportedStore {
  /** Without a password. */
  readonly location: string
  readonly events: number
  readonly headHash: string | null
  readonly broken: BrokenEvent | null
  /** The first place where what is assigned is not what the log tells; looked for where the log is sound. */
  readonly differs: StateDifference | null
  /** Events that came while the report was made. */
  readonly meanwhile: number
}

export interface Figures {
  /** Who hold at least one role. */
  readonly people: number
  /** How many different roles are held. */
  readonly roles: number
  /** Pairs of a person and a role: the rows of `audit assignments`. */
  readonly pairs: number
  readonly accounts: number
  readonly setByCli: number
  readonly setBySso: number
  /** Of `setByCli`: those that replaced what single sign-on had said. */
  readonly forced: number
  readonly expiringSoon: number
  readonly neverLoggedIn: number
  readonly loggedIn: number
  /** Changes of assignments in the last 30 days. */
  readonly recentChanges: number
}

export const findingIds = [
  'expiring',
  'expired',
  'forced',
  'no-account',
  'shared-subject',
  'never-logged-in',
  'not-lately',
  'many-roles',
  'unheld-role',
] as const

export type FindingId = (typeof findingIds)[number]

export interface Finding {
  readonly id: FindingId
  readonly total: number
  /** How many nobody could tell about. */
  readonly unknown: number
  /** The first of them; at most {@link MOST_ITEMS}. */
  readonly items: readonly FindingItem[]
}

export interface FindingItem {
  /** A user name, or a role ARN. */
  readonly name: string
  readonly note: string
}

export interface ReportedPerson {
  readonly username: string
  readonly source: 'cli' | 'sso'
  /** Indexes into `roleArns`, in the order of the assignment. */
  readonly roles: readonly number[]
  readonly setAt: string
  readonly setBy: string
  readonly expiresAt: string | null
  readonly subject: string | null
  readonly roleSessionName: string | null
  readonly lastSsoLogin: string | null
  readonly findings: readonly FindingId[]
}

export const eventKinds = ['set', 'ended', 'sso', 'refused'] as const

export type EventKind = (typeof eventKinds)[number]

export interface ReportedDay {
  /** As `2026-03-01`, in UTC. */
  readonly day: string
  readonly counts: Readonly<Record<EventKind, number>>
}

export interface ReportedEvent {
  readonly id: number
  readonly at: string
  readonly action: string
  readonly actor: string
  readonly host: string
  readonly username: string | null
  readonly before: EventState | null
  readonly after: EventState | null
  readonly reason: string | null
}

/** People beyond these are counted, not listed: the page would be too large for a browser. */
export const MOST_PEOPLE = 50_000
export const MOST_EVENTS = 500
export const MOST_ITEMS = 100
/** Days that count as soon, and as lately. */
export const SOON = 30
export const LATELY = 90
/** Who holds more roles than these is shown among the findings. */
export const MANY_ROLES = 10
/** Days of the timeline. */
export const TIMELINE = 365
