import { AdminError } from '../../errors.ts'
import { quote } from '../../iam/quote.ts'
import type { RoleName, RolePath } from '../../iam/role-name.ts'
import type { AwsAccount, ObservedInstanceProfile, ProfileAssociation } from '../aws-port.ts'
import { type OwnershipClaim, ownershipTags, refuseForeign } from '../ownership.ts'
import { type Call, type CallerIdentity, iamCall } from '../plan.ts'
import { type Difference, type Resource, toChange } from '../resource.ts'
import { type Tags, tagDifference, tagList } from '../tags.ts'

export interface InstanceProfileRequest extends OwnershipClaim {
  /** Of the profile and of the one role in it. */
  readonly name: RoleName
  readonly path: RolePath
  readonly instances: readonly string[]
  readonly tags: Tags
  readonly role: Resource
}

/**
 * The instance profile of a role, and the instances that have it. An instance that has another profile is refused, or
 * gets this one in its place where that is adopted; instances that are not named are left alone.
 */
export function instanceProfile(request: InstanceProfileRequest): Resource {
  const { name, role } = request
  return {
    kind: 'instance-profile',
    name,
    dependsOn: [role],
    async plan(account) {
      const observed = await account.getInstanceProfile(name)
      if (observed !== null) refuseWhatCannotChange(account, request, observed)
      const arn = observed?.arn ?? profileArn(account.identity, request)
      const differences = [
        ...(observed === null ? [creation(request)] : profileDifferences(request, observed)),
        ...(await associationDifferences(account, request, arn)),
      ]
      return {
        arn,
        change: toChange(account, { kind: 'instance-profile', name, exists: observed !== null }, differences),
        warnings: [],
      }
    },
  }
}

function profileArn(
  { partition, accountId }: CallerIdentity,
  { path, name }: Pick<InstanceProfileRequest, 'path' | 'name'>,
): string {
  return `arn:${partition}:iam::${accountId}:instance-profile${path}${name}`
}

/** @throws AdminError REFUSED_NOT_OURS, REFUSED_IMMUTABLE */
function refuseWhatCannotChange(
  account: AwsAccount,
  request: InstanceProfileRequest,
  { path, tags }: ObservedInstanceProfile,
): void {
  const what = `the instance profile ${quote(request.name)}`
  refuseForeign(account, what, tags, request)
  if (path === request.path) return
  const message = `${what} has the path ${quote(path)}, not ${quote(request.path)}; IAM cannot change the path of an instance profile`
  throw new AdminError('REFUSED_IMMUTABLE', message, { details: { name: request.name, path, expected: request.path } })
}

function creation(request: InstanceProfileRequest): Difference {
  const { name, path } = request
  const tags = ownershipTags(request.spec, request.tags)
  return {
    fields: [
      { path: 'path', before: null, after: path },
      { path: 'role', before: null, after: name },
      { path: 'tags', before: null, after: tags },
    ],
    calls: [
      iamCall('CreateInstanceProfile', { InstanceProfileName: name, Path: path, Tags: tagList(tags) }),
      roleCall('AddRoleToInstanceProfile', name, name),
    ],
  }
}

function profileDifferences(
  request: InstanceProfileRequest,
  { roles, tags }: ObservedInstanceProfile,
): readonly Difference[] {
  const { name } = request
  const others = roles.filter((role) => role !== name)
  const isIn = roles.includes(name)
  return [
    ...tagDifference(tags, ownershipTags(request.spec, request.tags), (Tags) =>
      iamCall('TagInstanceProfile', { InstanceProfileName: name, Tags }),
    ),
    ...(isIn && others.length === 0
      ? []
      : [
          {
            fields: [{ path: 'role', before: roles.join(', ') || null, after: name }],
            // There is room for one (IAM user guide, "Use instance profiles").
            calls: [
              ...others.map((other) => roleCall('RemoveRoleFromInstanceProfile', name, other)),
              ...(isIn ? [] : [roleCall('AddRoleToInstanceProfile', name, name)]),
            ],
          },
        ]),
  ]
}

async function associationDifferences(
  account: AwsAccount,
  { name, instances, adopt }: InstanceProfileRequest,
  arn: string,
): Promise<readonly Difference[]> {
  if (instances.length === 0) return []
  const observed = await account.describeInstanceProfiles(instances)
  refuseMissingInstances(account, instances, observed)
  return instances.flatMap((instance) => {
    const association = observed.get(instance) ?? null
    if (!adopt && association !== null && association.profileArn !== arn) throw foreignProfile(instance, association)
    return associationDifference(name, instance, association, arn)
  })
}

function foreignProfile(instance: string, { profileArn }: ProfileAssociation): AdminError {
  const message = `the instance ${quote(instance)} has another instance profile, ${profileArn}\n--adopt puts this one in its place; the processes there lose the other's role`
  return new AdminError('REFUSED_NOT_OURS', message, { details: { instance, profileArn } })
}

function refuseMissingInstances(
  { identity, region }: AwsAccount,
  instances: readonly string[],
  observed: ReadonlyMap<string, unknown>,
): void {
  const missing = instances.filter((instance) => !observed.has(instance))
  if (missing.length === 0) return
  const message = `there is no instance ${missing.map(quote).join(', ')} in account ${identity.accountId}, region ${region}`
  throw new AdminError('NOT_FOUND_INSTANCE', message, { details: { instances: missing, region } })
}

function associationDifference(
  name: string,
  instance: string,
  association: ProfileAssociation | null,
  arn: string,
): readonly Difference[] {
  if (association?.profileArn === arn) return []
  const profile = { IamInstanceProfile: { Name: name } }
  const call: Call =
    association === null
      ? { service: 'ec2', operation: 'AssociateIamInstanceProfile', input: { InstanceId: instance, ...profile } }
      : {
          service: 'ec2',
          operation: 'ReplaceIamInstanceProfileAssociation',
          input: { AssociationId: association.associationId, ...profile },
        }
  return [
    { fields: [{ path: `instances.${instance}`, before: association?.profileArn ?? null, after: arn }], calls: [call] },
  ]
}

function roleCall(
  operation: 'AddRoleToInstanceProfile' | 'RemoveRoleFromInstanceProfile',
  profile: string,
  role: string,
): Call {
  return iamCall(operation, { InstanceProfileName: profile, RoleName: role })
}
