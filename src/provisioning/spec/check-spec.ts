import type { YamlCursor } from '../../config/yaml-cursor.ts'
import { parseDatabaseReference } from '../../iam/database-reference.ts'
import { parsePolicyArn, policyArnParts } from '../../iam/policy-arn.ts'
import { quote } from '../../iam/quote.ts'
import { partitionOfAccount } from './read-accounts.ts'
import type { SpecAccount, SpecDatabase, SpecInstanceProfile, SpecPolicyReference, SpecRole } from './spec.ts'

/** As much of a spec as could be read. */
export interface SpecParts {
  readonly accounts: readonly SpecAccount[]
  readonly roles: readonly SpecRole[]
  readonly instanceProfiles: readonly SpecInstanceProfile[]
  readonly databases: readonly SpecDatabase[]
}

/** A role of either sort, where it stands, and the accounts in which it is made; empty: that of the caller. */
interface PlacedRole {
  readonly role: SpecRole | SpecInstanceProfile
  readonly at: YamlCursor
  readonly accounts: readonly string[]
}

/**
 * Reports what is right in each part and wrong between them.
 *
 * @param accounts all of the spec, those that could not be read included
 */
export function checkSpec(root: YamlCursor, parts: SpecParts, accounts: readonly string[]): void {
  const placed = placeRoles(root, parts, accounts)
  checkProvider(root)
  checkNames(placed)
  checkInstances(root, parts.instanceProfiles)
  for (const role of placed) {
    checkPolicyOwners(role, parts.accounts)
    checkDatabases(role, parts.databases)
  }
}

function placeRoles(
  root: YamlCursor,
  { roles, instanceProfiles }: SpecParts,
  accounts: readonly string[],
): readonly PlacedRole[] {
  return [
    ...roles.map((role) => ({
      role,
      at: root.field('roles').field(role.name),
      accounts: role.accounts ?? accounts,
    })),
    ...instanceProfiles.map((role) => ({
      role,
      at: root.field('instanceProfiles').field(role.name),
      accounts: role.account === null ? accounts : [role.account],
    })),
  ]
}

function checkProvider(root: YamlCursor): void {
  const [roles, provider] = [root.field('roles'), root.field('identityProvider')]
  const hasRoles = roles.value !== undefined && roles.entries()?.length !== 0
  if (hasRoles && provider.value === undefined) provider.report(' is missing, and there are roles that trust it')
}

/** IAM API reference, CreateRole: names are unique in an account, whatever their case. */
function checkNames(placed: readonly PlacedRole[]): void {
  const seen = new Map<string, PlacedRole>()
  for (const one of placed) {
    for (const account of one.accounts.length > 0 ? one.accounts : ['']) {
      const key = `${account}/${one.role.name.toLowerCase()}`
      const other = seen.get(key)
      if (other !== undefined && other.at !== one.at) {
        one.at.report(`: ${other.at.path.join('.')} has the same name in the same account, whatever its case`)
        break
      }
      seen.set(key, one)
    }
  }
}

/** EC2 API reference, AssociateIamInstanceProfile: an instance has one profile. */
function checkInstances(root: YamlCursor, profiles: readonly SpecInstanceProfile[]): void {
  const seen = new Map<string, string>()
  for (const { name, instances } of profiles) {
    for (const instance of instances) {
      const other = seen.get(instance)
      if (other !== undefined)
        root
          .field('instanceProfiles')
          .field(name)
          .field('instances')
          .report(`: ${instance} has the profile ${other} too`)
      seen.set(instance, name)
    }
  }
}

/** IAM user guide, "Managed policies and inline policies": a customer's policy serves its own account only. */
function checkPolicyOwners({ role, at, accounts }: PlacedRole, known: readonly SpecAccount[]): void {
  const { managedPolicies, permissionsBoundary } = role
  const check = (where: YamlCursor, reference: SpecPolicyReference) => {
    const problem = 'arn' in reference ? ownerProblem(reference.arn, accounts, known) : null
    if (problem !== null) where.report(`: ${problem}`)
  }
  for (const reference of managedPolicies) check(at.field('managedPolicies'), reference)
  if (permissionsBoundary !== null) check(at.field('permissionsBoundary'), permissionsBoundary)
}

function ownerProblem(arn: string, accounts: readonly string[], known: readonly SpecAccount[]): string | null {
  const { owner, partition } = policyArnParts(parsePolicyArn(arn))
  const stranger = owner === 'aws' ? undefined : accounts.find((account) => account !== owner)
  if (stranger !== undefined)
    return `${quote(arn)} is of account ${owner}, and the role is made in ${stranger}: roles take policies of AWS and of their own account`
  const places = known.filter(({ id }) => accounts.includes(id))
  const other = places.find((account) => (partitionOfAccount(account) ?? partition) !== partition)
  return other === undefined
    ? null
    : `${quote(arn)} is of partition ${partition}, and account ${other.id} is in ${partitionOfAccount(other)}`
}

/** Amazon Aurora user guide, "IAM database authentication": only from within the account of the database. */
function checkDatabases({ role, at, accounts }: PlacedRole, databases: readonly SpecDatabase[]): void {
  for (const { name, grant } of role.policies) {
    if (grant.kind !== 'rdsConnect') continue
    const home = accountOfDatabase(grant.database, databases)
    if (home === null || accounts.length === 0 || accounts.includes(home)) continue
    const where = at.field('policies').field(name).field('rdsConnect').field('database')
    where.report(
      `: ${quote(grant.database)} is in account ${home}, and the role is not made there: IAM database authentication does not cross accounts`,
    )
  }
}

function accountOfDatabase(text: string, databases: readonly SpecDatabase[]): string | null {
  const reference = parseDatabaseReference(text)
  if (reference.by === 'arn') return reference.accountId
  return databases.find(({ identifier }) => identifier === reference.identifier)?.account ?? null
}
