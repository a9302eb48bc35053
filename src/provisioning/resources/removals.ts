import type { AssignedUsers } from '../assigned-users.ts'
import type { AwsAccount } from '../aws-port.ts'
import { nameInArn, type OwnedRole, rolesWith } from '../owned.ts'
import { isOurs } from '../ownership.ts'
import { type Call, iamCall } from '../plan.ts'
import { type Difference, type PlannedChange, type Resource, toRemoval } from '../resource.ts'
import { roleArn } from './role.ts'
import { attachment, deletePolicy, shownPolicy } from './role-policies.ts'

/**
 * A role that no longer should be, in the order that IAM asks for (else `DeleteConflict`): out of its profiles, its
 * policies off, then the role (IAM user guide, "Delete roles or instance profiles").
 */
export function removedRole(
  { kind, name }: OwnedRole,
  dependsOn: readonly Resource[],
  assignedUsers: AssignedUsers,
): Resource {
  return removal({ kind, name, dependsOn }, async (account) => {
    const role = await account.getRole(name)
    const arn = roleArn(account.identity, role?.path ?? '/', name)
    if (role === null) return { arn, ...nothing }
    const [attached, inline, listings] = await Promise.all([
      account.listAttachedRolePolicies(name),
      account.listRolePolicies(name),
      account.listRoles(),
    ])
    const profiles = listings.find((listing) => listing.name === name)?.instanceProfiles ?? []
    const goesBefore = (other: Resource['kind'], otherName: string) =>
      dependsOn.some((resource) => resource.kind === other && resource.name === otherName)
    return {
      arn,
      users: await assignedUsers(arn),
      fields: [
        { path: 'trustPolicy', before: shownPolicy(role.trustPolicy), after: null },
        ...(attached.length > 0 ? [{ path: 'managedPolicies', before: attached, after: null }] : []),
        ...Object.entries(inline).map(([policy, document]) => ({
          path: `policies.${policy}`,
          before: shownPolicy(document),
          after: null,
        })),
      ],
      calls: [
        ...profiles
          .filter((profile) => !goesBefore('instance-profile', profile))
          .map((profile) => outOfProfile(profile, name)),
        ...attached
          .filter((policy) => !goesBefore('managed-policy', nameInArn(policy)))
          .map((policy) => attachment('DetachRolePolicy', name, policy)),
        ...Object.keys(inline).map((policy) => deletePolicy(name, policy)),
        iamCall('DeleteRole', { RoleName: name }),
      ],
    }
  })
}

/** Off the instances first; then the role out of it, then the profile itself. */
export function removedInstanceProfile(name: string): Resource {
  return removal({ kind: 'instance-profile', name, dependsOn: [] }, async (account) => {
    const profile = await account.getInstanceProfile(name)
    if (profile === null) return { arn: name, ...nothing }
    const associations = [...(await account.listProfileAssociations())]
    const held = associations.flatMap(([instance, { profileArn, associationId: id }]) =>
      profileArn === profile.arn ? [{ instance, id }] : [],
    )
    return {
      arn: profile.arn,
      fields: [
        { path: 'role', before: profile.roles.join(', ') || null, after: null },
        ...held.map(({ instance }) => ({ path: `instances.${instance}`, before: profile.arn, after: null })),
      ],
      calls: [
        ...held.map(
          ({ id }): Call => ({
            service: 'ec2',
            operation: 'DisassociateIamInstanceProfile',
            input: { AssociationId: id },
          }),
        ),
        ...profile.roles.map((role) => outOfProfile(name, role)),
        iamCall('DeleteInstanceProfile', { InstanceProfileName: name }),
      ],
    }
  })
}

/** Off its roles, then all versions but the default one, then the policy (IAM API reference, DeletePolicy). */
export function removedManagedPolicy(arn: string, roles: readonly string[], dependsOn: readonly Resource[]): Resource {
  return removal({ kind: 'managed-policy', name: nameInArn(arn), dependsOn }, async (account) => {
    const policy = await account.getPolicy(arn)
    if (policy === null) return { arn, ...nothing }
    const [, ...older] = policy.versions
    const attachedTo = await rolesWith(account, arn, roles)
    return {
      arn,
      fields: [{ path: 'document', before: shownPolicy(policy.document), after: null }],
      calls: [
        ...attachedTo.map((role) => attachment('DetachRolePolicy', role, arn)),
        ...older.map((VersionId) => iamCall('DeletePolicyVersion', { PolicyArn: arn, VersionId })),
        iamCall('DeletePolicy', { PolicyArn: arn }),
      ],
    }
  })
}

/** Only where it is ours by its tag: the URL of a provider is there once in an account, and may serve others. */
export function removedOidcProvider(
  { arn, issuer }: { readonly arn: string; readonly issuer: string },
  dependsOn: readonly Resource[],
  spec: string,
): Resource {
  return removal({ kind: 'oidc-provider', name: issuer, dependsOn }, async (account) => {
    const isThere = (await account.listOidcProviders()).includes(arn)
    const provider = isThere ? await account.getOidcProvider(arn) : null
    if (provider === null || !isOurs(provider.tags, spec)) return { arn, ...nothing }
    return {
      arn,
      fields: [{ path: 'clientIds', before: provider.clientIds, after: null }],
      calls: [iamCall('DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: arn })],
    }
  })
}

const nothing: Difference = { fields: [], calls: [] }

type Removed = Difference & Pick<PlannedChange, 'arn' | 'users'>

function removal(
  of: Pick<Resource, 'kind' | 'name' | 'dependsOn'>,
  look: (account: AwsAccount) => Promise<Removed>,
): Resource {
  return {
    ...of,
    async plan(account) {
      const { arn, users, ...difference } = await look(account)
      const change = toRemoval(account, of, difference)
      return { arn, change, warnings: [], ...(users !== undefined && { users }) }
    },
  }
}

function outOfProfile(profile: string, role: string): Call {
  return iamCall('RemoveRoleFromInstanceProfile', { InstanceProfileName: profile, RoleName: role })
}
