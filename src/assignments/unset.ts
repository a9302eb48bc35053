import { type PreviousAssignment, toPrevious } from './assignment.ts'
import type { AssignmentStore } from './assignment-store.ts'
import { decide } from './decide.ts'
import { inTransaction } from './in-transaction.ts'
import { readForChange, type StepRequest, takeStep } from './step.ts'
import type { Username } from './username.ts'

export interface UnsetRoleArnsRequest extends StepRequest {
  readonly username: Username
  /** Decide and answer, write nothing. */
  readonly isDryRun: boolean
}

export interface UnsetRoleArnsResult {
  readonly username: Username
  readonly outcome: 'removed' | 'unchanged'
  readonly previous: PreviousAssignment | null
}

/** Removes the user's assignment, whatever its source. Doing it twice is fine. */
export async function unsetRoleArns(
  store: AssignmentStore,
  request: UnsetRoleArnsRequest,
): Promise<UnsetRoleArnsResult> {
  const { username } = request
  return inTransaction(store, request, async (transaction, times) => {
    const context = { ...request, ...times }
    const { assignment: current } = await readForChange(transaction, username, context)
    const decision = decide(current, { kind: 'unset' })
    if (decision.kind === 'step') {
      await takeStep(transaction, username, context, { action: 'unset', before: current, after: decision.next })
    }
    return { username, outcome: decision.kind === 'step' ? 'removed' : 'unchanged', previous: toPrevious(current) }
  })
}
