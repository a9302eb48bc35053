import { federatedPrincipal, isBuiltIn } from '../iam/oidc-provider.ts'
import type { AssignedUsers } from './assigned-users.ts'
import type { AwsAccount } from './aws-port.ts'
import type { Owned, OwnedRole } from './owned.ts'
import { parsePolicyDocument } from './policy-document.ts'
import type { Resource } from './resource.ts'
import { removedInstanceProfile, removedManagedPolicy, removedOidcProvider, removedRole } from './resources/removals.ts'
import type { SpecIdentityProvider } from './spec/spec.ts'

/**
 * What is ours and no longer asked for. Instance profiles go before their roles, policies off their roles and before
 * them: whenever it breaks off, what is left can still be found by a role that is ours.
 */
export function superfluousResources(
  owned: Owned,
  desired: readonly Resource[],
  assignedUsers: AssignedUsers,
): readonly Resource[] {
  const wanted = (kind: Resource['kind'], name: string) =>
    desired.find((resource) => resource.kind === kind && resource.name === name)
  const profiles = owned.instanceProfiles
    .filter((name) => wanted('instance-profile', name) === undefined)
    .map((name) => removedInstanceProfile(name))
  // By the name alone: what sort a role is we tell by its trust policy, and somebody may have changed that.
  const wantedRoles = new Set(desired.filter(isRole).map(({ name }) => name.toLowerCase()))
  const roles = owned.roles.filter(({ name }) => !wantedRoles.has(name.toLowerCase()))
  const policies = owned.policies
    .filter(({ name }) => wanted('managed-policy', name) === undefined)
    .map(({ arn, attachedTo }) => {
      const going = attachedTo.filter((role) => roles.some(({ name }) => name === role))
      const staying = desired.filter((resource) => isRole(resource) && attachedTo.includes(resource.name))
      return { going, resource: removedManagedPolicy(arn, going, staying) }
    })
  const removedRoles = roles.map((role) => {
    const before = [
      ...profiles.filter(({ name }) => name === role.name),
      ...policies.filter(({ going }) => going.includes(role.name)).map(({ resource }) => resource),
    ]
    return removedRole(role, before, assignedUsers)
  })
  return [...profiles, ...policies.map(({ resource }) => resource), ...removedRoles]
}

function isRole({ kind }: Resource): boolean {
  return kind === 'web-identity-role' || kind === 'ec2-role'
}

export interface ProviderRemoval {
  readonly resources: readonly Resource[]
  readonly warnings: readonly string[]
}

/** The provider goes last, and not while roles that stay trust it: they would stop working. */
export async function superfluousProvider(
  account: AwsAccount,
  spec: string,
  provider: SpecIdentityProvider | null,
  removedRoles: readonly OwnedRole[],
  dependsOn: readonly Resource[],
): Promise<ProviderRemoval> {
  if (provider === null || isBuiltIn(provider.issuer)) return { resources: [], warnings: [] }
  const { partition, accountId } = account.identity
  const arn = federatedPrincipal(partition, accountId, provider.issuer)
  const going = new Set(removedRoles.map(({ name }) => name))
  const trusting = (await account.listRoles())
    .filter(({ name, trustPolicy }) => !going.has(name) && mentions(trustPolicy, arn))
    .map(({ name }) => name)
  if (trusting.length === 0)
    return { resources: [removedOidcProvider({ arn, issuer: provider.issuer }, dependsOn, spec)], warnings: [] }
  const list = trusting.slice(0, 5).join(', ') + (trusting.length > 5 ? ` and ${trusting.length - 5} more` : '')
  return { resources: [], warnings: [`the OIDC provider ${arn} stays: other roles trust it: ${list}`] }
}

function mentions(trustPolicy: string, arn: string): boolean {
  return JSON.stringify(parsePolicyDocument(trustPolicy)).includes(JSON.stringify(arn))
}
