import { AdminError } from '../errors.ts'
import type { AdaptiveLimit } from './adaptive-limit.ts'
import type { AwsAccount } from './aws-port.ts'
import type { CallJournal } from './call-journal.ts'
import type { AppliedChange, Call, Change } from './plan.ts'
import type { PlannedResource, Resource } from './resource.ts'
import { sendAll } from './send-calls.ts'

/** What carrying out needs beside the plan. */
export interface ApplyContext {
  readonly journal: CallJournal
  readonly limitOf: (account: AwsAccount) => AdaptiveLimit
  readonly onProgress: (progress: Progress) => void
  /** Waits; shorter where the run is interrupted meanwhile. */
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Once true, no further call is begun. */
  readonly isInterrupted: () => boolean
}

export type Progress =
  | { readonly kind: 'begun'; readonly change: Change }
  | { readonly kind: 'waiting'; readonly change: Change; readonly call: Call; readonly reason: string }
  | { readonly kind: 'ended'; readonly change: AppliedChange }

export interface AppliedAccount {
  readonly changes: readonly AppliedChange[]
  /** In the order of the plan; not those that only followed from others. */
  readonly failures: readonly AdminError[]
  readonly callsDone: number
}

interface Outcome {
  readonly applied: AppliedChange
  readonly callsDone: number
  readonly error: AdminError | null
}

/**
 * Carries out what one account needs: each resource as soon as those that it depends on are done, several at a time. A
 * resource stops at its first failure, what depends on it is skipped, everything else goes on.
 */
export async function applyChanges(
  account: AwsAccount,
  planned: readonly PlannedResource[],
  context: ApplyContext,
): Promise<AppliedAccount> {
  const limit = context.limitOf(account)
  const byResource = new Map(planned.map((item) => [item.resource, item]))
  const running = new Map<Resource, Promise<Outcome>>()
  const outcomeOf = (item: PlannedResource): Promise<Outcome> => {
    const known = running.get(item.resource)
    if (known !== undefined) return known
    const before = item.resource.dependsOn.flatMap((resource) => byResource.get(resource) ?? []).map(outcomeOf)
    const outcome = Promise.all(before).then((done) => {
      const inTheWay = done.find(({ applied }) => applied.status !== 'done')
      if (inTheWay !== undefined) return skipped(item, dependencyFailed(inTheWay.applied))
      if (item.change.calls.length === 0) return unchanged(item)
      return limit.run(() => applyOne(account, item, context))
    })
    running.set(item.resource, outcome)
    return outcome
  }
  // What is in flight is finished, whatever else happens.
  await Promise.allSettled(planned.map(outcomeOf))
  const outcomes = await Promise.all(planned.map(outcomeOf))
  return {
    changes: outcomes.map(({ applied }) => applied),
    failures: outcomes.flatMap(({ error }) => (error === null || error.code === 'REFUSED_DEPENDENCY' ? [] : [error])),
    callsDone: outcomes.reduce((sum, { callsDone }) => sum + callsDone, 0),
  }
}

async function applyOne(account: AwsAccount, item: PlannedResource, context: ApplyContext): Promise<Outcome> {
  if (context.isInterrupted()) return skipped(item, interrupted())
  context.onProgress({ kind: 'begun', change: item.change })
  const { done, of, error } = await sendAll(account, item, context)
  const outcome = error === null ? finished(item, done) : failed(item, bugOut(error), done, of)
  context.onProgress({ kind: 'ended', change: outcome.applied })
  return outcome
}

function unchanged({ change }: PlannedResource): Outcome {
  return { applied: { ...change, status: 'done' }, callsDone: 0, error: null }
}

function finished({ change }: PlannedResource, callsDone: number): Outcome {
  return { applied: { ...change, status: 'done' }, callsDone, error: null }
}

/** A bug is not an outcome: only what is ours to explain is kept beside what was done. */
function bugOut(error: unknown): AdminError {
  if (error instanceof AdminError) return error
  throw error
}

function failed({ change }: PlannedResource, error: AdminError, done: number, of: number): Outcome {
  const message = done === 0 ? error.message : `${error.message}\n${done} of ${of} calls were done before`
  const status = error.code === 'REFUSED_INTERRUPTED' && done === 0 ? 'skipped' : 'failed'
  return { applied: { ...change, status, error: { code: error.code, message } }, callsDone: done, error }
}

function skipped({ change }: PlannedResource, error: AdminError): Outcome {
  const { code, message } = error
  return { applied: { ...change, status: 'skipped', error: { code, message } }, callsDone: 0, error }
}

function dependencyFailed({ kind, name, error }: AppliedChange): AdminError {
  if (error?.code === 'REFUSED_INTERRUPTED') return interrupted()
  return new AdminError('REFUSED_DEPENDENCY', `not tried: it needs the ${kind} ${name}, which failed`)
}

/** @param waitedFor what AWS said while it was not ready */
export function interrupted(waitedFor?: AdminError): AdminError {
  const wait = waitedFor === undefined ? '' : ` while it waited for AWS: ${waitedFor.details.awsError}`
  const details = waitedFor?.details ?? {}
  return new AdminError('REFUSED_INTERRUPTED', `the run was interrupted${wait}`, { details })
}
