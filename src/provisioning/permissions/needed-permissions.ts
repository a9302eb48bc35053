import type { AccountId } from '../../iam/account-id.ts'
import { planDestroy, planSpec } from '../plan-spec.ts'
import type { Plan } from '../provision.ts'
import { chosenAccounts } from '../spec/chosen-accounts.ts'
import type { Spec } from '../spec/spec.ts'
import { permissionsOfCall } from './call-permissions.ts'
import { type ObsoleteRole, type Rehearsal, rehearsalAccount, type Situation } from './rehearsal-account.ts'
import { asInPolicy, type RehearsalPlace, rehearsalPlaces } from './rehearsal-places.ts'

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
 * has nothing of it, against one that has everything wrong, and against one that has what the spec had once; what those
 * plans read and would call is the answer.
 *
 * @throws AdminError NOT_FOUND_ACCOUNT
 */
export async function neededPermissions({
  spec,
  only,
  isDestroyed,
}: NeededPermissionsRequest): Promise<readonly Permission[]> {
  const needed = new Map<string, Permission>()
  const add = (action: string, about: string) => {
    const resource = asInPolicy(about)
    needed.set(`${action} ${resource}`, { action, resource })
  }
  for (const place of rehearsalPlaces(spec, only)) {
    for (const { accounts } of await rehearse(spec, place, isDestroyed, add)) {
      const planned = accounts.flatMap((account) => account.planned)
      for (const { action, resource } of planned.flatMap(permissionsOfCall)) add(action, resource)
    }
  }
  for (const { assumeRole } of chosenAccounts(spec, only) ?? []) {
    if (assumeRole !== null) add('sts:AssumeRole', assumeRole)
  }
  return [...needed.values()]
}

async function rehearse(
  spec: Spec,
  place: RehearsalPlace,
  isDestroyed: boolean,
  onRead: Rehearsal['onRead'],
): Promise<readonly Plan[]> {
  const request = (situation: Situation, obsolete: ObsoleteRole | null = null) => ({
    spec,
    accounts: [rehearsalAccount({ spec, ...place, situation, obsolete, onRead })],
    assignedUsers: async () => [],
  })
  const requests = [request('blank'), ...[null, ...obsoleteRoles(spec)].map((gone) => request('contrary', gone))]
  const applied = await Promise.all(requests.map((each) => planSpec({ ...each, adopt: true })))
  return isDestroyed ? [...applied, await planDestroy(request('ours'))] : applied
}

/**
 * One of each sort in each path that the spec has. Where that is the root of the account, to remove what the spec has no
 * more would take the right to remove anything; so the policy does without.
 */
function obsoleteRoles({ roles, instanceProfiles }: Spec): readonly ObsoleteRole[] {
  const pathsOf = (of: readonly { readonly path: string }[]) =>
    [...new Set(of.map(({ path }) => path))].filter((path) => path !== '/')
  return [
    ...pathsOf(roles).map((path) => ({ kind: 'web-identity-role', path }) as const),
    ...pathsOf(instanceProfiles).map((path) => ({ kind: 'ec2-role', path }) as const),
  ]
}
