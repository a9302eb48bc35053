import { AdminError } from '../errors.ts'
import { isBuiltIn } from '../iam/oidc-provider.ts'
import { parsePolicyName } from '../iam/policy-name.ts'
import { packPolicies } from '../iam/policy-packing.ts'
import { quote } from '../iam/quote.ts'
import type { AssignedUsers } from './assigned-users.ts'
import type { AwsAccount } from './aws-port.ts'
import { grantDocument } from './grants.ts'
import { inParallel } from './in-parallel.ts'
import type { Resource } from './resource.ts'
import { ec2Role } from './resources/ec2-role.ts'
import { iamDatabaseAuthentication } from './resources/iam-database-authentication.ts'
import { instanceProfile } from './resources/instance-profile.ts'
import { managedPolicy, managedPolicyArn } from './resources/managed-policy.ts'
import { oidcProvider } from './resources/oidc-provider.ts'
import type { NamedPolicy } from './resources/role-policies.ts'
import { webIdentityRole } from './resources/web-identity-role.ts'
import { roleSubjects } from './role-subjects.ts'
import type { Spec, SpecInstanceProfile, SpecPolicyReference, SpecRole, SpecRoleSettings } from './spec/spec.ts'

export interface DesireOptions {
  /** Take over what something else made. */
  readonly adopt: boolean
  readonly assignedUsers: AssignedUsers
}

export interface Desire {
  readonly resources: readonly Resource[]
  /** What a person should know, a sentence each. */
  readonly warnings: readonly string[]
}

/**
 * What the spec asks of one account: resources, those that others need first. Asks AWS for what the spec leaves open:
 * ids of databases, quotas that decide what stays inline. What cannot be asked for is refused when it is planned, together with all else that is refused then.
 */
export async function desiredResources(spec: Spec, account: AwsAccount, options: DesireOptions): Promise<Desire> {
  const { accountId } = account.identity
  const isHere = (id: string | null) => id === null || id === accountId
  const provider = providerOf(spec)
  const roles = spec.roles.filter(({ accounts }) => accounts === null || accounts.includes(accountId))
  const profiles = spec.instanceProfiles.filter((profile) => isHere(profile.account))
  const databases = spec.databases.filter((database) => isHere(database.account))
  const parts = await inParallel([
    ...roles.map(
      (role) => () =>
        desiredRole(spec, account, role, provider, options).catch(refusedLater('web-identity-role', role.name)),
    ),
    ...profiles.map(
      (profile) => () => desiredProfile(spec, account, profile, options).catch(refusedLater('ec2-role', profile.name)),
    ),
  ])
  return {
    resources: [
      ...(provider === null || roles.length === 0 ? [] : [provider]),
      ...databases.map(({ iamAuthentication: isEnabled, ...database }) =>
        iamDatabaseAuthentication({ ...database, isEnabled }),
      ),
      ...parts.flatMap(({ resources }) => resources),
    ],
    warnings: parts.flatMap(({ warnings }) => warnings),
  }
}

function refusedLater(kind: Resource['kind'], name: string): (error: unknown) => Desire {
  return (error) => {
    if (!(error instanceof AdminError)) throw error
    return { resources: [{ kind, name, dependsOn: [], plan: () => Promise.reject(error) }], warnings: [] }
  }
}

function providerOf({ name, identityProvider }: Spec): Resource | null {
  return identityProvider === null || isBuiltIn(identityProvider.issuer)
    ? null
    : oidcProvider({ spec: name, ...identityProvider })
}

async function desiredRole(
  spec: Spec,
  account: AwsAccount,
  role: SpecRole,
  provider: Resource | null,
  options: DesireOptions,
): Promise<Desire> {
  if (spec.identityProvider === null) throw new Error('a spec with roles and without an identity provider')
  const { issuer, clientIds } = spec.identityProvider
  const settings = await roleSettings(spec, account, role, options)
  const { subjects, warnings } = await roleSubjects(account, role, options.assignedUsers)
  const resource = webIdentityRole({
    ...settings.request,
    issuer,
    clientIds,
    subjects,
    maxSessionSeconds: role.maxSessionSeconds,
    provider,
    dependsOn: settings.policies,
    // The spec says `any`, never by default.
    mayOpen: true,
  })
  return { resources: [...settings.policies, resource], warnings }
}

async function desiredProfile(
  spec: Spec,
  account: AwsAccount,
  profile: SpecInstanceProfile,
  options: DesireOptions,
): Promise<Desire> {
  const { request, policies } = await roleSettings(spec, account, profile, options)
  const role = ec2Role({ ...request, maxSessionSeconds: undefined, dependsOn: policies })
  return {
    resources: [...policies, role, instanceProfile({ ...request, instances: profile.instances, role })],
    warnings: [],
  }
}

/** What roles of both sorts have; what does not fit inline becomes managed policies that the role needs first. */
async function roleSettings(spec: Spec, account: AwsAccount, role: SpecRoleSettings, options: DesireOptions) {
  const { name, path, tags, description } = role
  const claim = { spec: spec.name, adopt: options.adopt }
  const managedPolicies = role.managedPolicies.map((policy) => policyArn(account, policy))
  const documents = await inParallel(
    role.policies.map((policy) => async () => ({
      name: policy.name,
      document: await grantDocument(account, policy.grant),
    })),
  )
  const { inline, managed } = await pack(account, role, documents)
  if (managed.length > 0) refusePathOfPolicies(role)
  const overflow = managed.map((policy) => {
    return { ...claim, ...policy, name: parsePolicyName(`${name}-${policy.name}`), path, tags }
  })
  const upcomingPolicies = overflow.map((policy) => managedPolicyArn(account.identity, policy))
  return {
    policies: overflow.map(managedPolicy),
    request: {
      ...claim,
      name,
      path,
      description,
      permissionsBoundary: role.permissionsBoundary === null ? null : policyArn(account, role.permissionsBoundary),
      managedPolicies: [...managedPolicies, ...upcomingPolicies],
      upcomingPolicies,
      inlinePolicies: inline,
      tags,
      assignedUsers: options.assignedUsers,
    },
  }
}

/** Managed policies take fewer characters in their path than roles do (IAM API reference, CreatePolicy). */
function refusePathOfPolicies({ name, path }: SpecRoleSettings): void {
  if (/^[\w.,+@=/-]+$/.test(path)) return
  const message = `the inline policies of the role ${quote(name)} do not fit, and its path ${quote(path)} is none for managed policies\nexpected letters, digits and _.,+@=- between slashes`
  throw new AdminError('INVALID_ROLE', message, { details: { role: name, path } })
}

/** @throws AdminError REFUSED_QUOTA */
async function pack(account: AwsAccount, role: SpecRoleSettings, policies: readonly NamedPolicy[]) {
  const quotas = await account.accountSummary()
  const packed = packPolicies(policies, {
    inlineTotal: quotas.RolePolicySizeQuota ?? null,
    managedSize: quotas.PolicySizeQuota ?? null,
    attachedPerRole: quotas.AttachedPoliciesPerRoleQuota ?? null,
    alreadyAttached: role.managedPolicies.length,
  })
  if (!('problem' in packed)) return packed
  const { accountId } = account.identity
  const message = `the role ${quote(role.name)} in account ${accountId}: ${packed.problem}`
  throw new AdminError('REFUSED_QUOTA', message, { details: { role: role.name, accountId } })
}

/** AWS's own policies are the same in every partition, but for the partition (IAM user guide, "AWS managed policies"). */
function policyArn({ identity: { partition } }: AwsAccount, policy: SpecPolicyReference): string {
  return 'arn' in policy ? policy.arn : `arn:${partition}:iam::aws:policy/${policy.awsPolicy}`
}
