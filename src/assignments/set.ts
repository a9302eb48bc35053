import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import { type AssignmentSource, type PreviousAssignment, toPrevious } from './assignment.ts'
import type { AssignmentStore } from './assignment-store.ts'
import { decide } from './decide.ts'
import { inTransaction } from './in-transaction.ts'
import { readForChange, type StepRequest, takeStep } from './step.ts'
import type { Username } from './username.ts'

export interface SetRoleArnsRequest extends StepRequest {
  readonly username: Username
  readonly roleArns: readonly RoleArn[]
  readonly expiresAt: Instant | null
  /** Overrule single sign-on until the user's next login. */
  readonly force: boolean
  /** Decide and answer, write nothing. */
  readonly isDryRun: boolean
}

export interface SetRoleArnsResult {
  readonly username: Username
  readonly outcome: 'created' | 'replaced' | 'unchanged'
  readonly source: AssignmentSource
  readonly roleArns: readonly RoleArn[]
  readonly previous: PreviousAssignment | null
  readonly expiresAt: Instant | null
}

/**
 * Replaces the user's list of role ARNs.
 *
 * @throws AdminError REFUSED_SSO_GOVERNS; INVALID_EXPIRY where the time ran out while waiting for the store
 */
export async function setRoleArns(store: AssignmentStore, request: SetRoleArnsRequest): Promise<SetRoleArnsResult> {
  const { username, roleArns, expiresAt, force } = request
  return inTransaction(store, request, async (transaction, times) => {
    if (expiresAt !== null) refusePastExpiry(expiresAt, times.now)
    const context = { ...request, ...times }
    const { assignment: current } = await readForChange(transaction, username, context)
    const decision = decide(current, { kind: 'set', roleArns, expiresAt, force })
    if (decision.kind === 'refused') throw ssoGoverns(username)
    if (decision.kind === 'step') {
      const details = current?.source === 'sso' ? { details: { forced: true } } : {}
      await takeStep(transaction, username, context, {
        action: 'set',
        before: current,
        after: decision.next,
        ...details,
      })
    }
    return {
      username,
      outcome: decision.kind === 'stay' ? 'unchanged' : current === null ? 'created' : 'replaced',
      source: 'cli',
      roleArns,
      previous: toPrevious(current),
      expiresAt,
    }
  })
}

/** Waiting for the store takes time, and that may have been all there was. */
function refusePastExpiry(expiresAt: Instant, now: Instant): void {
  if (expiresAt > now) return
  throw new AdminError('INVALID_EXPIRY', `the end of the assignment, ${expiresAt}, has passed: now is ${now}`)
}

function ssoGoverns(username: Username): AdminError {
  return new AdminError(
    'REFUSED_SSO_GOVERNS',
    `the roles of ${quote(username)} come from single sign-on, which overrules this command at every login\nchange the claim at the identity provider, or use --force to set roles that hold until the next login`,
    {
      suggestions: [`admin get-aws-role-arns --long -- ${shellQuote(username)}`],
      details: { username, source: 'sso' },
    },
  )
}
