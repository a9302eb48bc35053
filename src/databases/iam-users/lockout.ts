import { AdminError } from '../../errors.ts'
import { quote } from '../../iam/quote.ts'

/** Somebody who would no longer get in as until now. */
export interface Lockout {
  readonly user: string
  readonly reason: string
}

export const ACCEPT_LOCKOUT = '--i-understand-that-passwords-stop-working'

const MOST_SHOWN = 10

/** @throws AdminError REFUSED_LOCKOUT where there is one and nobody has said that this is understood */
export function refuseLockouts(lockouts: readonly Lockout[], dbUser: string, isAccepted: boolean): void {
  if (lockouts.length === 0 || isAccepted) return
  const lines = lockouts.slice(0, MOST_SHOWN).map(({ user, reason }) => `${quote(user)} ${reason}`)
  const rest = lockouts.length > MOST_SHOWN ? [`and ${lockouts.length - MOST_SHOWN} more`] : []
  const advice = `nothing was changed; make a user of its own for IAM, or add ${ACCEPT_LOCKOUT}`
  throw new AdminError(
    'REFUSED_LOCKOUT',
    [`IAM for ${quote(dbUser)} would lock out who logs in otherwise:`, ...lines, ...rest, advice].join('\n'),
    { details: { dbUser, lockouts } },
  )
}

/** Each user once. */
export function lockedOut(lockouts: readonly Lockout[]): readonly string[] {
  return [...new Set(lockouts.map(({ user }) => user))]
}
