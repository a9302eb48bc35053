import type { AccountId } from '../iam/account-id.ts'
import type { Partition } from '../iam/partition.ts'

/** One request to AWS, as its API reference spells it. A plan is a list of these; nothing else ever writes to AWS. */
export interface Call {
  readonly service: 'iam' | 'ec2' | 'rds'
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

export function iamCall(operation: string, input: Call['input']): Call {
  return { service: 'iam', operation, input }
}

export type Action = 'create' | 'update' | 'delete' | 'unchanged'

/** `before` is null where there is nothing yet, `after` where nothing will be left. */
export interface FieldChange {
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

export type ResourceKind = 'oidc-provider' | 'web-identity-role'

/** What would make one resource as it should be, and the calls that do it, in order. */
export interface Change {
  readonly account: AccountId
  readonly kind: ResourceKind
  readonly name: string
  readonly action: Action
  readonly fields: readonly FieldChange[]
  readonly calls: readonly Call[]
}

/** A change after `apply`. */
export interface AppliedChange extends Change {
  readonly status: 'done' | 'failed'
  readonly error?: { readonly code: string; readonly message: string }
}

/** Who acts, as STS says. */
export interface CallerIdentity {
  readonly accountId: AccountId
  readonly partition: Partition
  readonly callerArn: string
}

export type Summary = Readonly<Record<Action | 'failed', number>>

/** What plan and apply answer. */
export interface ProvisionResult {
  readonly spec: string
  readonly accounts: readonly CallerIdentity[]
  readonly changes: readonly (Change | AppliedChange)[]
  readonly summary: Summary
}

export function toResult(
  spec: string,
  accounts: readonly CallerIdentity[],
  changes: readonly (Change | AppliedChange)[],
): ProvisionResult {
  return { spec, accounts, changes, summary: summarise(changes) }
}

/** Each change counts once: under `failed` if it failed, else under what was to be done. */
function summarise(changes: readonly (Change | AppliedChange)[]): Summary {
  const summary = { create: 0, update: 0, delete: 0, unchanged: 0, failed: 0 }
  for (const change of changes)
    summary['status' in change && change.status === 'failed' ? 'failed' : change.action] += 1
  return summary
}
