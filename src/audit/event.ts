import type { Instant } from '../clock.ts'

/** What can happen. The name is what `audit log --action` takes. */
export const eventActions = [
  'set',
  'unset',
  'expire',
  'sso-login',
  'sso-refused',
  'aws-request',
  'aws-response',
] as const

export type EventAction = (typeof eventActions)[number]

/** The part of an assignment that an event keeps. */
export interface EventState {
  readonly source: 'cli' | 'sso'
  readonly roleArns: readonly string[]
  readonly expiresAt: string | null
}

/** What a use-case says of a step; the store adds its place in the chain. */
export interface NewEvent {
  readonly at: Instant
  readonly action: EventAction
  readonly actor: string
  readonly actorUid: number
  readonly host: string
  /** `null` where nobody is known, as in a login that was refused before its user name could be trusted. */
  readonly username: string | null
  readonly before: EventState | null
  readonly after: EventState | null
  readonly reason: string | null
  /** More of what happened, by action: outcome, subject, session name, the code of a refusal. Never a token. */
  readonly details: Readonly<Record<string, unknown>> | null
}

export interface AuditEvent extends NewEvent {
  /** Counts from 1 without gaps. */
  readonly id: number
  readonly previousHash: string
  readonly hash: string
}
