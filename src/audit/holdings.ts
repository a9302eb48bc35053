import type { Instant } from '../clock.ts'
import type { AccountId } from '../iam/account-id.ts'
import { type Glob, matchesGlob } from './glob.ts'

/** What a person holds at a moment, and since when, by whom, until when. */
export interface Holding {
  readonly username: string
  readonly source: 'cli' | 'sso'
  /** Those that the filter lets through, at least one, in the order in which the person has them. */
  readonly roleArns: readonly string[]
  readonly setAt: Instant
  readonly setBy: string
  readonly expiresAt: Instant | null
}

/** Values of one kind are alternatives, kinds are conditions that must all hold; none of a kind lets all through. */
export interface HoldingFilter {
  readonly users: readonly Glob[]
  readonly roles: readonly Glob[]
  readonly accounts: readonly AccountId[]
  readonly sources: readonly ('cli' | 'sso')[]
}

/** What a listing asks of a role itself. */
export type RoleFilter = Pick<HoldingFilter, 'roles' | 'accounts'>

/** `now` is read from the assignments, `past` from the events alone. What has run out by then counts for nothing. */
export interface Moment {
  readonly kind: 'now' | 'past'
  readonly at: Instant
}

/** The port through which it is asked who holds what. */
export interface HoldingList {
  /** In batches, sorted by name in the order of code points. Memory does not grow with the answer. */
  holdings(filter: HoldingFilter, moment: Moment): AsyncIterable<readonly Holding[]>
}

export function asksAboutRoles({ roles, accounts }: RoleFilter): boolean {
  return roles.length > 0 || accounts.length > 0
}

/** That the filter lets the role through; whose it is and who says so is another question. */
export function isWantedRole({ roles, accounts }: RoleFilter, arn: string): boolean {
  return (
    (roles.length === 0 || roles.some((glob) => matchesGlob(glob, arn))) &&
    (accounts.length === 0 || accounts.some((account) => account === accountOf(arn)))
  )
}

/** The account in an ARN; empty where the text is none, as in a row that somebody edited. */
export function accountOf(arn: string): string {
  return arn.split(':', 5)[4] ?? ''
}
