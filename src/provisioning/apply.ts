import { AdminError } from '../errors.ts'
import type { AwsAccount } from './aws-port.ts'
import { SHORT_PATIENCE, sendPatiently, type Waiting } from './consistency.ts'
import type { AppliedChange, Call, Change } from './plan.ts'
import type { PlannedResource, Resource } from './resource.ts'

interface Outcome {
  readonly applied: AppliedChange
  readonly callsDone: number
  readonly error: unknown
}

/**
 * Carries the changes out, one after another. A resource stops at its first failure; the others go on.
 *
 * @throws what the first failure threw, where nothing at all was done
 */
export async function applyChanges(
  account: AwsAccount,
  planned: readonly PlannedResource[],
  waiting: Waiting,
): Promise<readonly AppliedChange[]> {
  const outcomes: Outcome[] = []
  for (const item of planned) outcomes.push(await applyOne(account, item, waiting))
  const failure = outcomes.find(({ error }) => error !== null)
  if (failure !== undefined && outcomes.every(({ callsDone }) => callsDone === 0)) throw failure.error
  return outcomes.map(({ applied }) => applied)
}

async function applyOne(
  account: AwsAccount,
  { resource, change }: PlannedResource,
  waiting: Waiting,
): Promise<Outcome> {
  const first = await sendAll(account, change.calls, waiting, false)
  if (first.error === null || !isAlreadyThere(first.error, change)) return toOutcome(change, first)
  // The answer to a create was lost and the client asked again, or somebody was faster: look, and go on from there.
  try {
    const rest = await planAnew(account, resource, change.calls[0], first.error, waiting)
    const { done, of, error } = await sendAll(account, rest.calls, waiting, true)
    // It is there and ours: the create is done, whatever became of the calls after it.
    return toOutcome(change, { done: done + 1, of: of + 1, error })
  } catch (error) {
    return toOutcome(change, { done: 0, of: change.calls.length, error })
  }
}

/** What AWS says is there may not be visible yet; looking again shows it after a while. */
async function planAnew(
  account: AwsAccount,
  resource: Resource,
  create: Call | undefined,
  error: AdminError,
  { sleep, onWait }: Waiting,
): Promise<Change> {
  for (const milliseconds of SHORT_PATIENCE) {
    const { change } = await resource.plan(account)
    if (change.action !== 'create') return change
    if (create !== undefined) onWait(create, error)
    await sleep(milliseconds)
  }
  throw error
}

interface Sent {
  readonly done: number
  readonly of: number
  readonly error: unknown
}

async function sendAll(account: AwsAccount, calls: readonly Call[], waiting: Waiting, isNew: boolean): Promise<Sent> {
  let done = 0
  let hasCreated = isNew
  for (const call of calls) {
    try {
      await sendPatiently((sent) => account.send(sent), call, hasCreated, waiting)
    } catch (error) {
      return { done, of: calls.length, error }
    }
    done += 1
    hasCreated ||= call.operation.startsWith('Create')
  }
  return { done, of: calls.length, error: null }
}

function isAlreadyThere(error: unknown, { action }: Change): error is AdminError {
  return action === 'create' && error instanceof AdminError && error.details.awsError === 'EntityAlreadyExists'
}

/** A bug is not an outcome: only what is ours to explain is kept beside what was done. */
function toOutcome(change: Change, { done, of, error }: Sent): Outcome {
  if (error === null) return { applied: { ...change, status: 'done' }, callsDone: done, error }
  if (!(error instanceof AdminError)) throw error
  const message = done === 0 ? error.message : `${error.message}\n${done} of ${of} calls were done before`
  return { applied: { ...change, status: 'failed', error: { code: error.code, message } }, callsDone: done, error }
}
