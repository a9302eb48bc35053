import { applyChanges } from './apply.ts'
import type { AwsAccount } from './aws-port.ts'
import type { Waiting } from './consistency.ts'
import { type ProvisionResult, toResult } from './plan.ts'
import type { PlannedResource, Resource } from './resource.ts'

export interface Plan {
  readonly account: AwsAccount
  readonly planned: readonly PlannedResource[]
  readonly result: ProvisionResult
  readonly warnings: readonly string[]
}

/** Compares what should be with what is. Reads AWS, writes nothing. */
export async function planResources(spec: string, account: AwsAccount, resources: readonly Resource[]): Promise<Plan> {
  const planned: PlannedResource[] = []
  for (const resource of resources) planned.push({ resource, ...(await resource.plan(account)) })
  return {
    account,
    planned,
    result: toResult(
      spec,
      [account.identity],
      planned.map(({ change }) => change),
    ),
    warnings: planned.flatMap(({ warnings }) => warnings),
  }
}

/**
 * Carries a plan out. Where some of it failed after some was done, the result says which.
 *
 * @throws AdminError where nothing was done
 */
export async function applyPlan({ account, planned, result }: Plan, waiting: Waiting): Promise<ProvisionResult> {
  return toResult(result.spec, result.accounts, await applyChanges(account, planned, waiting))
}
