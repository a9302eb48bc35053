import { randomUUID } from 'node:crypto'
import type { Actor } from '../assignments/actor.ts'
import type { AssignmentStore } from '../assignments/assignment-store.ts'
import { inTransaction } from '../assignments/in-transaction.ts'
import type { EventAction } from '../audit/event.ts'
import type { Clock } from '../clock.ts'
import { AdminError } from '../errors.ts'
import type { Call, CallerIdentity, Change } from './plan.ts'

export interface JournalEntry {
  readonly account: CallerIdentity
  readonly change: Pick<Change, 'kind' | 'name'>
  readonly call: Call
}

/** Where each write to AWS leaves its trace, before it is sent and after. */
export interface CallJournal {
  /** Does the work between two events. What cannot be written down is not done. */
  around<T>(entry: JournalEntry, work: () => Promise<T>): Promise<T>
}

export interface JournalContext {
  readonly spec: string
  readonly actor: Actor
  readonly reason: string | null
  readonly clock: Clock
}

/**
 * A journal in the audit log. A request without a response is one whose end nobody saw: the program was killed.
 * Whatever the calls hold is kept but for secrets, of which they have none.
 */
export function auditJournal(store: AssignmentStore, context: JournalContext): CallJournal {
  const append = (action: EventAction, details: Readonly<Record<string, unknown>>) =>
    inTransaction(store, { clock: context.clock, isDryRun: false }, (transaction, { at }) =>
      transaction.appendEvent({
        at,
        action,
        actor: context.actor.name,
        actorUid: context.actor.uid,
        host: context.actor.host,
        username: null,
        before: null,
        after: null,
        reason: context.reason,
        details,
      }),
    )
  return {
    async around({ account, change, call }, work) {
      const common = {
        call: randomUUID(),
        spec: context.spec,
        account: account.accountId,
        caller: account.callerArn,
        kind: change.kind,
        name: change.name,
        service: call.service,
        operation: call.operation,
      }
      await append('aws-request', { ...common, input: call.input })
      const result = await work().catch(async (error: unknown) => {
        await append('aws-response', { ...common, outcome: 'failed', ...failure(error) })
        throw error
      })
      await append('aws-response', { ...common, outcome: 'done' })
      return result
    },
  }
}

function failure(error: unknown): Readonly<Record<string, unknown>> {
  return error instanceof AdminError ? { code: error.code, awsError: error.details.awsError ?? null } : {}
}
