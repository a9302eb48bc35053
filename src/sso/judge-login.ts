import { type AssignmentSource, type PreviousAssignment, toPrevious } from '../assignments/assignment.ts'
import type { UserRecord } from '../assignments/assignment-store.ts'
import { type Decision, decide } from '../assignments/decide.ts'
import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import type { RoleSessionName } from '../iam/role-session-name.ts'
import type { RoleClaims } from './claims.ts'

/**
 * `overridden`: the claim is there and something changed; `unchanged`: it is there and says what was so before, or may
 * give nothing; `cleared`: it is gone, and so are the roles it had brought; `not-asserted`: it is not there and nothing
 * was removed.
 */
export type LoginOutcome = 'overridden' | 'unchanged' | 'cleared' | 'not-asserted'

/** What stands after the login, and what stood before. */
export interface ApplyClaimsResult {
  readonly username: Username
  readonly outcome: LoginOutcome
  readonly source: AssignmentSource | null
  readonly roleArns: readonly RoleArn[]
  readonly roleSessionName: RoleSessionName | null
  readonly previous: PreviousAssignment | null
}

export interface JudgedLogin {
  readonly result: ApplyClaimsResult
  readonly decision: Decision
  /** Whether the claim would have given roles to somebody who has none. */
  readonly isWithheld: boolean
}

/**
 * What a login does to a user as the store knows them.
 *
 * @param issuedAt when the token was issued; `null` where nobody knows, as in a rehearsal
 * @param kind a `renewal` gives nothing to those who have nothing
 * @throws AdminError TOKEN_REPLAYED
 */
export function judgeLogin(
  user: UserRecord,
  claims: RoleClaims,
  issuedAt: Instant | null,
  kind: 'login' | 'renewal' = 'login',
): JudgedLogin {
  const { username, assignment: current, login } = user
  if (login !== null && issuedAt !== null && issuedAt < login.tokenIssuedAt) {
    throw replayed(username, issuedAt, login.tokenIssuedAt)
  }
  const decision = decide(current, { kind, roleArns: claims.roleArns })
  const after = decision.kind === 'step' ? decision.next : current
  const result = {
    username,
    outcome: outcomeOf(claims.roleArns !== null, decision.kind === 'step'),
    source: after?.source ?? null,
    roleArns: after?.roleArns ?? [],
    roleSessionName: claims.roleSessionName,
    previous: toPrevious(current),
  }
  const isWithheld = claims.roleArns !== null && current === null && decision.kind === 'stay'
  return { result, decision, isWithheld }
}

function outcomeOf(isAsserted: boolean, isStep: boolean): LoginOutcome {
  if (isAsserted) return isStep ? 'overridden' : 'unchanged'
  return isStep ? 'cleared' : 'not-asserted'
}

function replayed(username: Username, issuedAt: Instant, last: Instant): AdminError {
  return new AdminError(
    'TOKEN_REPLAYED',
    `the token for ${quote(username)} was issued at ${issuedAt}, and one of ${last} was applied already; an older token is not applied after a newer one`,
    { details: { username, issuedAt, lastIssuedAt: last } },
  )
}
