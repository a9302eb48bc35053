import type { AssignedUsers } from './assigned-users.ts'
import type { AwsAccount } from './aws-port.ts'
import { desiredResources } from './desired.ts'
import { inParallel } from './in-parallel.ts'
import { ownedResources } from './owned.ts'
import { joinPlans, type Plan, planAccount } from './provision.ts'
import type { Spec } from './spec/spec.ts'
import { superfluousProvider, superfluousResources } from './superfluous.ts'

export interface PlanSpecRequest {
  readonly spec: Spec
  readonly accounts: readonly AwsAccount[]
  /** Take over what something else made. */
  readonly adopt: boolean
  readonly assignedUsers: AssignedUsers
}

/**
 * What would make the accounts hold what the spec says: what it asks for, and the end of what it asked for once. Reads
 * AWS, writes nothing.
 *
 * @throws AdminError with the problems of all resources of all accounts at once
 */
export async function planSpec({ spec, accounts, ...options }: PlanSpecRequest): Promise<Plan> {
  const plans = await inParallel(
    accounts.map((account) => async () => {
      const [desired, owned] = await Promise.all([
        desiredResources(spec, account, options),
        ownedResources(account, spec.name, roleNames(spec), profileNames(spec, account)),
      ])
      const gone = superfluousResources(owned, desired.resources, options.assignedUsers)
      return planAccount(account, [...desired.resources, ...gone], desired.warnings)
    }),
  )
  return joinPlans(spec.name, plans)
}

/** The end of all that carries the tag of the spec. Databases keep their setting: they are not ours. */
export async function planDestroy({ spec, accounts, assignedUsers }: Omit<PlanSpecRequest, 'adopt'>): Promise<Plan> {
  const plans = await inParallel(
    accounts.map((account) => async () => {
      const owned = await ownedResources(account, spec.name, roleNames(spec), profileNames(spec, account))
      const gone = superfluousResources(owned, [], assignedUsers)
      const provider = await superfluousProvider(account, spec.name, spec.identityProvider, owned.roles, gone)
      return planAccount(account, [...gone, ...provider.resources], provider.warnings)
    }),
  )
  return joinPlans(spec.name, plans)
}

function roleNames({ roles, instanceProfiles }: Spec): readonly string[] {
  return [...roles, ...instanceProfiles].map(({ name }) => name)
}

/** Of this account: those of others are asked about there. */
function profileNames({ instanceProfiles }: Spec, { identity }: AwsAccount): readonly string[] {
  return instanceProfiles
    .filter(({ account }) => account === null || account === identity.accountId)
    .map(({ name }) => name)
}
