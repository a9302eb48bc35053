import type { AdminError } from '../errors.ts'
import { type ApplyContext, interrupted } from './apply.ts'
import type { AwsAccount } from './aws-port.ts'
import { isOvertaken, isUnanswered, needsTime, patienceFor, SHORT_PATIENCE } from './consistency.ts'
import type { Call, Change } from './plan.ts'
import type { PlannedResource } from './resource.ts'

/** How far the calls of a change came. */
export interface Sent {
  readonly done: number
  readonly of: number
  readonly error: unknown
}

/** How often a change may be looked at anew: each time at least one call was found to be done already. */
const MOST_LOOKS = 5

/**
 * Sends the calls of a change, in order, up to the first that fails. Where AWS says that a call was done before, or may
 * have been, the resource is looked at again, and what is still missing is sent.
 */
export async function sendAll(account: AwsAccount, item: PlannedResource, context: ApplyContext): Promise<Sent> {
  let { calls } = item.change
  let [done, hasCreated] = [0, false]
  for (let looks = 0; ; looks += 1) {
    const sent = await sendInTurn(account, item.change, calls, hasCreated, context)
    done += sent.done
    hasCreated ||= calls.slice(0, sent.done).some(({ operation }) => operation.startsWith('Create'))
    const failed = calls[sent.done]
    if (failed === undefined || looks === MOST_LOOKS || !isWorthALook(sent.error, failed))
      return { done, of: done + calls.length - sent.done, error: sent.error }
    try {
      calls = await callsLeft(account, item, failed, sent.error, context)
    } catch (error) {
      return { done, of: done + calls.length - sent.done, error }
    }
    // It is there and ours: the call is done, whatever becomes of those after it.
    if (!isSame(calls[0], failed)) done += 1
    hasCreated ||= failed.operation.startsWith('Create')
  }
}

function isWorthALook(error: unknown, call: Call): error is AdminError {
  return isOvertaken(error, call) || isUnanswered(error, call)
}

/** What AWS says was done may not be visible yet; looking again shows it after a while. */
async function callsLeft(
  account: AwsAccount,
  { change, resource }: PlannedResource,
  failed: Call,
  error: AdminError,
  context: ApplyContext,
): Promise<readonly Call[]> {
  for (const milliseconds of SHORT_PATIENCE) {
    if (context.isInterrupted()) throw interrupted()
    const { calls } = (await resource.plan(account.anew())).change
    if (!isSame(calls[0], failed)) return calls
    context.onProgress({ kind: 'waiting', change, call: failed, reason: String(error.details.awsError ?? error.code) })
    await context.sleep(milliseconds)
    // It was not done: once more, then.
    if (isUnanswered(error, failed)) return calls
  }
  throw error
}

async function sendInTurn(
  account: AwsAccount,
  change: Change,
  calls: readonly Call[],
  hasCreated: boolean,
  context: ApplyContext,
): Promise<{ readonly done: number; readonly error: unknown }> {
  let [done, isNew] = [0, hasCreated]
  for (const call of calls) {
    try {
      if (context.isInterrupted()) throw interrupted()
      await context.journal.around({ account: account.identity, change, call }, () =>
        sendPatiently(account, change, call, isNew, context),
      )
    } catch (error) {
      return { done, error }
    }
    done += 1
    isNew ||= call.operation.startsWith('Create')
  }
  return { done, error: null }
}

/** Again and again while AWS needs time, but not for ever. */
async function sendPatiently(
  account: AwsAccount,
  change: Change,
  call: Call,
  hasCreated: boolean,
  context: ApplyContext,
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await account.send(call)
    } catch (error) {
      if (!needsTime(error, call, hasCreated)) throw error
      const milliseconds = patienceFor(error)[tries]
      if (milliseconds === undefined) throw error
      context.onProgress({ kind: 'waiting', change, call, reason: String(error.details.awsError) })
      await context.sleep(milliseconds)
      if (context.isInterrupted()) throw interrupted(error)
    }
  }
}

function isSame(call: Call | undefined, other: Call): boolean {
  return JSON.stringify(call) === JSON.stringify(other)
}
