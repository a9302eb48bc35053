import { isJsonObject } from '../iam/json-object.ts'
import type { AwsAccount, RoleListing } from './aws-port.ts'
import { isOurs } from './ownership.ts'
import { parsePolicyDocument, statementsOf, toList } from './policy-document.ts'

/** What an account holds that carries our tag for one spec. */
export interface Owned {
  readonly roles: readonly OwnedRole[]
  readonly policies: readonly OwnedPolicy[]
  readonly instanceProfiles: readonly string[]
}

export interface OwnedRole {
  readonly kind: 'web-identity-role' | 'ec2-role'
  readonly name: string
}

export interface OwnedPolicy {
  readonly arn: string
  readonly name: string
  /** Names of our roles that have it. */
  readonly attachedTo: readonly string[]
}

/**
 * Looks for what is ours. Only roles are listed with their tags; of policies and profiles those are asked about whose
 * names are made from the name of a role that is ours, or that the spec would make.
 */
export async function ownedResources(
  account: AwsAccount,
  spec: string,
  roleNames: readonly string[],
  profileNames: readonly string[],
): Promise<Owned> {
  const listings = (await account.listRoles()).filter(({ tags }) => isOurs(tags, spec))
  const roles = listings.map(toOwnedRole)
  const names = [...new Set([...roles.map(({ name }) => name), ...roleNames])]
  return {
    roles,
    policies: await ownedPolicies(account, spec, roles, names),
    instanceProfiles: await ownedProfiles(account, spec, listings, profileNames),
  }
}

function toOwnedRole({ name, trustPolicy }: RoleListing): OwnedRole {
  const statements = statementsOf(parsePolicyDocument(trustPolicy) ?? {})
  const isOfEc2 = statements.some(
    ({ Principal: principal }) =>
      isJsonObject(principal) &&
      toList(principal.Service).some((service) => /^ec2\.amazonaws\.com/.test(String(service))),
  )
  return { kind: isOfEc2 ? 'ec2-role' : 'web-identity-role', name }
}

async function ownedPolicies(
  account: AwsAccount,
  spec: string,
  roles: readonly OwnedRole[],
  names: readonly string[],
): Promise<readonly OwnedPolicy[]> {
  const ourRoles = roles.map((role) => role.name)
  const policies: OwnedPolicy[] = []
  for (const arn of await account.listLocalPolicies()) {
    const name = nameInArn(arn)
    if (!names.some((role) => name.startsWith(`${role}-`))) continue
    const policy = await account.getPolicy(arn)
    if (policy === null || !isOurs(policy.tags, spec)) continue
    policies.push({
      arn,
      name,
      attachedTo: await rolesWith(account, arn, ourRoles),
    })
  }
  return policies
}

/** The last part of the ARN of a policy. */
export function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** Which of these roles have a managed policy attached. */
export async function rolesWith(
  account: AwsAccount,
  policyArn: string,
  roleNames: readonly string[],
): Promise<readonly string[]> {
  const attached: string[] = []
  for (const name of roleNames) {
    if ((await account.listAttachedRolePolicies(name)).includes(policyArn)) attached.push(name)
  }
  return attached
}

/** Of roles of EC2 also where the role was taken out of the profile, of others where they are in one. */
async function ownedProfiles(
  account: AwsAccount,
  spec: string,
  listings: readonly RoleListing[],
  profileNames: readonly string[],
): Promise<readonly string[]> {
  const ofRoles = listings.filter(
    (listing) => toOwnedRole(listing).kind === 'ec2-role' || listing.instanceProfiles.includes(listing.name),
  )
  const profiles: string[] = []
  for (const name of new Set([...ofRoles.map((listing) => listing.name), ...profileNames])) {
    const profile = await account.getInstanceProfile(name)
    if (profile !== null && isOurs(profile.tags, spec)) profiles.push(name)
  }
  return profiles
}
