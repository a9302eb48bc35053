import { AdminError, combined } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { refuseFullAccount } from './account-quotas.ts'
import { type AppliedAccount, type ApplyContext, applyChanges } from './apply.ts'
import { nameUsers } from './assigned-users.ts'
import type { AwsAccount } from './aws-port.ts'
import { inParallel } from './in-parallel.ts'
import { type ProvisionResult, toResult } from './plan.ts'
import type { PlannedResource, Resource } from './resource.ts'

export interface Plan {
  readonly accounts: readonly AccountPlan[]
  readonly result: ProvisionResult
  readonly warnings: readonly string[]
}

export interface AccountPlan {
  readonly account: AwsAccount
  readonly planned: readonly PlannedResource[]
  readonly warnings: readonly string[]
}

/** Compares what should be with what is, in one account. Reads AWS, writes nothing. */
export async function planResources(
  spec: string,
  account: AwsAccount,
  resources: readonly Resource[],
  warnings: readonly string[] = [],
): Promise<Plan> {
  return joinPlans(spec, [await planAccount(account, resources, warnings)])
}

/** @throws AdminError with the problems of all resources at once */
export async function planAccount(
  account: AwsAccount,
  resources: readonly Resource[],
  warnings: readonly string[],
): Promise<AccountPlan> {
  refuseDoubles(account, resources)
  const planned = await inParallel(
    resources.map((resource) => async () => ({ resource, ...(await resource.plan(account)) })),
  )
  await refuseFullAccount(account, planned)
  return { account, planned, warnings: [...warnings, ...planned.flatMap((item) => item.warnings)] }
}

export function joinPlans(spec: string, accounts: readonly AccountPlan[]): Plan {
  const changes = accounts.flatMap(({ planned }) => planned.map(({ change }) => change))
  const identities = accounts.map(({ account }) => account.identity)
  return {
    accounts,
    result: toResult(spec, identities, changes),
    warnings: accounts.flatMap(({ warnings }) => warnings),
  }
}

/** Names that are made from two others can meet. */
function refuseDoubles({ identity }: AwsAccount, resources: readonly Resource[]): void {
  const seen = new Set<string>()
  const double = resources.find(({ kind, name }) => {
    const key = `${kind} ${name}`.toLowerCase()
    const isKnown = seen.has(key)
    seen.add(key)
    return isKnown
  })
  if (double === undefined) return
  const message = `two resources of account ${identity.accountId} would have the name ${quote(double.name)} (${double.kind}); name the policy or the role otherwise`
  throw new AdminError('INVALID_SPEC', message, { details: { kind: double.kind, name: double.name } })
}

/** What stands in the way of carrying a plan out, whatever anybody says. */
export function obstaclesOf({ accounts }: Plan): readonly AdminError[] {
  return accounts.flatMap(({ planned }) => planned.flatMap(({ obstacle }) => obstacle ?? []))
}

/** @throws AdminError with all of them */
export function refuseObstacles(plan: Plan): void {
  const obstacles = obstaclesOf(plan)
  if (obstacles.length > 0) throw combined(obstacles)
}

/** @throws AdminError REFUSED_CHANGED where the plan that was shown is no longer what would be done */
export function refuseChanged(shown: Plan, now: Plan): void {
  if (JSON.stringify(shown.result.changes) === JSON.stringify(now.result.changes)) return
  const message = 'AWS or the assignments changed after the plan was shown, so it is no longer what would be done'
  throw new AdminError('REFUSED_CHANGED', `${message}\nrun the command again to see the plan as it is now`)
}

/** @throws AdminError REFUSED_IN_USE where a role would go away that people are assigned to, or nobody can tell */
export function refuseInUse({ accounts }: Plan, hasStore: boolean): void {
  const going = accounts.flatMap(({ planned }) => planned.filter(({ users }) => users !== undefined))
  if (!hasStore && going.length > 0) {
    const message = 'roles would go away, and without a store nobody can tell whether people are assigned to them'
    throw new AdminError('REFUSED_IN_USE', `${message}\nname the store with --database, or use --force`, {
      details: { roles: going.map(({ arn }) => arn) },
    })
  }
  const inUse = accounts.flatMap(({ planned }) => planned.filter(({ users = [] }) => users.length > 0))
  if (inUse.length === 0) return
  const lines = inUse.map(({ arn, users = [] }) => `${arn} is assigned to ${nameUsers(users)}`)
  throw new AdminError(
    'REFUSED_IN_USE',
    `roles that would go away are in use\n${lines.join('\n')}\n--force removes them all the same`,
    {
      details: { roles: inUse.map(({ arn, users = [] }) => ({ arn, users: users.map(({ username }) => username) })) },
    },
  )
}

/**
 * Carries a plan out, all accounts at the same time. Where some of it failed after some was done, the result says which.
 *
 * @throws AdminError where nothing was done; what stood in the way before anything was
 */
export async function applyPlan(plan: Plan, context: ApplyContext): Promise<ProvisionResult> {
  refuseObstacles(plan)
  const { accounts, result } = plan
  const applied = await Promise.all(accounts.map(({ account, planned }) => applyChanges(account, planned, context)))
  refuseNothingDone(applied)
  return toResult(
    result.spec,
    result.accounts,
    applied.flatMap(({ changes }) => changes),
  )
}

/** Nothing was changed: that is a refusal, not half a success. */
function refuseNothingDone(applied: readonly AppliedAccount[]): void {
  if (applied.some(({ callsDone }) => callsDone > 0)) return
  const failures = applied.flatMap((account) => account.failures)
  if (failures.length > 0) throw combined(failures)
}
