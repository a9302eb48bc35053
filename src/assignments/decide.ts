import type { Instant } from '../clock.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import { type Assignment, isExpired } from './assignment.ts'

/** What somebody, or time, wants of a user's assignment. */
export type Change =
  | {
      readonly kind: 'set'
      readonly roleArns: readonly RoleArn[]
      readonly expiresAt: Instant | null
      readonly force: boolean
    }
  | { readonly kind: 'unset' }
  /** A verified login. `roleArns` is `null` where the token has no role claim at all. */
  | { readonly kind: 'login'; readonly roleArns: readonly RoleArn[] | null }
  /** The same of a login that goes on by itself: what was taken away meanwhile, it does not give back. */
  | { readonly kind: 'renewal'; readonly roleArns: readonly RoleArn[] | null }
  | { readonly kind: 'time'; readonly now: Instant }

export type Decision =
  /** `next` replaces the current assignment, and the step is an event. */
  | { readonly kind: 'step'; readonly next: Assignment | null }
  /** The assignment stays as it is. */
  | { readonly kind: 'stay' }
  | { readonly kind: 'refused'; readonly reason: 'sso-governs' }

const STAY: Decision = { kind: 'stay' }
const SSO_GOVERNS: Decision = { kind: 'refused', reason: 'sso-governs' }

/**
 * The transition table: the only place that says what may follow what. Every writer goes through it, and stores
 * the step it answers together with its event.
 *
 * | before | set                   | login, claim present | login, claim absent | unset |
 * |--------|-----------------------|----------------------|---------------------|-------|
 * | none   | cli                   | sso                  | none                | none  |
 * | cli    | cli                   | sso                  | cli stays           | none  |
 * | sso    | refused; forced → cli | sso                  | none                | none  |
 *
 * A renewal is as a login, but for those who have nothing: they go on with nothing.
 */
export function decide(current: Assignment | null, change: Change): Decision {
  switch (change.kind) {
    case 'set':
      if (current?.source === 'sso' && !change.force) return SSO_GOVERNS
      return moveTo(current, { source: 'cli', roleArns: change.roleArns, expiresAt: change.expiresAt })
    case 'renewal':
      return current === null ? STAY : decide(current, { ...change, kind: 'login' })
    case 'login':
      if (change.roleArns !== null)
        return moveTo(current, { source: 'sso', roleArns: change.roleArns, expiresAt: null })
      return current?.source === 'sso' ? moveTo(current, null) : STAY
    case 'unset':
      return moveTo(current, null)
    case 'time':
      return current !== null && isExpired(current, change.now) ? moveTo(current, null) : STAY
  }
}

function moveTo(current: Assignment | null, next: Assignment | null): Decision {
  return isSame(current, next) ? STAY : { kind: 'step', next }
}

/** Order counts: the first role is the one that a session offers first. */
function isSame(one: Assignment | null, other: Assignment | null): boolean {
  if (one === null || other === null) return one === other
  return (
    one.source === other.source &&
    one.expiresAt === other.expiresAt &&
    one.roleArns.length === other.roleArns.length &&
    one.roleArns.every((arn, index) => arn === other.roleArns[index])
  )
}
