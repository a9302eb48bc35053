import type { AdminError } from '../errors.ts'
import type { AssignedUser } from './assigned-users.ts'
import type { AwsAccount } from './aws-port.ts'
import type { Action, Call, Change, FieldChange, ResourceKind } from './plan.ts'

/** One thing that AWS should hold, or no longer hold, of one kind. Knows how to look for it and what would make it so. */
export interface Resource {
  readonly kind: ResourceKind
  readonly name: string
  /** What must be as it should be before this one is touched. */
  readonly dependsOn: readonly Resource[]
  /**
   * Reads, never writes.
   *
   * @throws AdminError REFUSED_NOT_OURS, REFUSED_QUOTA, and what {@link AwsAccount} throws
   */
  plan(account: AwsAccount): Promise<PlannedChange>
}

export interface PlannedChange {
  readonly change: Change
  /** Of the resource as it will be. */
  readonly arn: string
  /** What a person should know before it is carried out, a sentence each. */
  readonly warnings: readonly string[]
  /** What counts against a quota, as it will be. */
  readonly sizes?: readonly Size[]
  /** Why it can be planned and not carried out. */
  readonly obstacle?: AdminError | null
  /** Of a role that goes away: who is assigned to it. */
  readonly users?: readonly AssignedUser[]
}

export interface Size {
  readonly of: string
  readonly unit: 'characters' | 'policies'
  readonly count: number
  /** `null` where AWS does not say. */
  readonly quota: number | null
}

/** A change beside the resource that asked for it: what was planned can be planned anew. */
export interface PlannedResource extends PlannedChange {
  readonly resource: Resource
}

/** A difference, and the calls that remove it. */
export interface Difference {
  readonly fields: readonly FieldChange[]
  readonly calls: readonly Call[]
}

export function toChange(
  account: AwsAccount,
  { kind, name, exists }: { readonly kind: ResourceKind; readonly name: string; readonly exists: boolean },
  differences: readonly Difference[],
): Change {
  const calls = differences.flatMap((difference) => difference.calls)
  const whenThere: Action = calls.length === 0 ? 'unchanged' : 'update'
  return {
    account: account.identity.accountId,
    kind,
    name,
    action: exists ? whenThere : 'create',
    fields: differences.flatMap((difference) => difference.fields),
    calls,
  }
}

/** What goes away, in the order of its calls; `unchanged` where there is nothing left to take away. */
export function toRemoval(
  account: AwsAccount,
  { kind, name }: Pick<Resource, 'kind' | 'name'>,
  { fields, calls }: Difference,
): Change {
  const action = calls.length === 0 ? 'unchanged' : 'delete'
  return { account: account.identity.accountId, kind, name, action, fields, calls }
}
