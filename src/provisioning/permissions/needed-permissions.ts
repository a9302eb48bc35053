import type { AccountId } from '../../iam/account-id.ts'
import type { Partition } from '../../iam/partition.ts'
import { parseRegion, partitionOfRegion } from '../../iam/region.ts'
import { roleArnParts } from '../../iam/role-arn.ts'
import type { AwsAccount } from '../aws-port.ts'
import type { CallerIdentity } from '../plan.ts'
import { planDestroy, planSpec } from '../plan-spec.ts'
import type { Plan } from '../provision.ts'
import type { Spec, SpecAccount } from '../spec/spec.ts'
import { permissionsOfCall } from './call-permissions.ts'
import { type Imagined, rehearsalAccount } from './rehearsal-account.ts'

/** An action as IAM policies name it, and the ARN that it is about, or `*`. */
export interface Permission {
  readonly action: string
  readonly resource: string
}

export interface NeededPermissionsRequest {
  readonly spec: Spec
  /** `undefined`: all accounts of the spec. */
  readonly only: AccountId | undefined
  /** For `destroy`, too. */
  readonly isDestroyed: boolean
}

/**
 * What the operator who runs `apply` must be allowed to. Nobody asks AWS: the spec is planned against an account that
 * has nothing of it and against one that has everything wrong, and what those plans read and would call is the answer.
 */
export async function neededPermissions(request: NeededPermissionsRequest): Promise<readonly Permission[]> {
  const needed = new Map<string, Permission>()
  const add = (permission: Permission) => needed.set(`${permission.action} ${permission.resource}`, permission)
  for (const account of accountsOf(request)) {
    for (const imagined of ['blank', 'contrary'] as const) {
      for (const plan of await rehearse(request, account, imagined, (action, resource) => add({ action, resource }))) {
        const calls = plan.accounts.flatMap(({ planned }) => planned)
        for (const item of calls.flatMap(permissionsOfCall)) add(item)
      }
    }
  }
  for (const { assumeRole } of chosen(request)) {
    if (assumeRole !== null) add({ action: 'sts:AssumeRole', resource: assumeRole })
  }
  return [...needed.values()]
}

async function rehearse(
  { spec, isDestroyed }: NeededPermissionsRequest,
  { identity, region }: ImaginedAccount,
  imagined: Imagined,
  onRead: (action: string, resource: string) => void,
): Promise<readonly Plan[]> {
  const accounts: readonly AwsAccount[] = [rehearsalAccount({ spec, identity, region, imagined, onRead })]
  const options = { spec, accounts, assignedUsers: async () => [] }
  const apply = await planSpec({ ...options, adopt: true })
  return isDestroyed ? [apply, await planDestroy(options)] : [apply]
}

interface ImaginedAccount {
  readonly identity: CallerIdentity
  readonly region: string
}

/** Where the spec leaves an account open, the policy is for any. */
function accountsOf(request: NeededPermissionsRequest): readonly ImaginedAccount[] {
  const { spec, only } = request
  if (spec.accounts === null) return [imagine(only ?? ('*' as AccountId), null, null)]
  return chosen(request).map(({ id, region, assumeRole }) =>
    imagine(id, region, assumeRole === null ? null : roleArnParts(assumeRole).partition),
  )
}

function chosen({ spec, only }: NeededPermissionsRequest): readonly SpecAccount[] {
  return (spec.accounts ?? []).filter(({ id }) => only === undefined || id === only)
}

function imagine(accountId: AccountId, region: string | null, partition: Partition | null): ImaginedAccount {
  const known = partition ?? (region === null ? ('aws' as Partition) : partitionOfRegion(parseRegion(region)))
  return { identity: { accountId, partition: known, callerArn: '' }, region: region ?? '*' }
}
