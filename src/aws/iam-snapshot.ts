import type { ManagedPolicyDetail, RoleDetail } from '@aws-sdk/client-iam'
import type { ObservedPolicy, ObservedRole, RoleListing } from '../provisioning/aws-port.ts'
import { type Ask, everyPage } from './ask.ts'
import type { Iam } from './clients.ts'
import { MAX_ITEMS, nextMarker, toTags, versionIds } from './iam-answers.ts'

/** The roles and managed policies of an account, as they were at one moment. */
export interface IamSnapshot {
  readonly roles: readonly RoleDetails[]
  /** Tags are not told in bulk. */
  readonly policies: readonly Omit<ObservedPolicy, 'tags'>[]
  /** By name: what {@link RoleDetails} lacks. A role that was made or deleted meanwhile may be in one of them only. */
  readonly settings: ReadonlyMap<string, RoleSettings>
}

export type RoleSettings = Pick<ObservedRole, 'description' | 'maxSessionSeconds'>

/** What the bulk answer of IAM tells of a role. */
export interface RoleDetails {
  readonly listing: RoleListing
  readonly permissionsBoundary: string | null
  readonly attachedPolicies: readonly string[]
  /** Documents by name. */
  readonly policies: Readonly<Record<string, string>>
}

/** All of IAM that plans are about, in a few large answers, two at a time. */
export async function readIamSnapshot(iam: Iam, ask: Ask): Promise<IamSnapshot> {
  const [details, settings] = await Promise.all([
    readDetails(iam, ask, ['Role', 'LocalManagedPolicy']),
    readRoleSettings(iam, ask),
  ])
  return {
    roles: details.flatMap(({ roles }) => roles),
    policies: details.flatMap(({ policies }) => policies),
    settings: new Map(settings),
  }
}

/** Every role of the account. */
export async function readRoleListings(iam: Iam, ask: Ask): Promise<readonly RoleListing[]> {
  const details = await readDetails(iam, ask, ['Role'])
  return details.flatMap(({ roles }) => roles.map(({ listing }) => listing))
}

/** IAM API reference, GetAccountAuthorizationDetails: without a filter there would be all policies of AWS, too. */
function readDetails({ client, sdk }: Iam, ask: Ask, filter: ('Role' | 'LocalManagedPolicy')[]) {
  return everyPage(
    (marker) => {
      const request = new sdk.GetAccountAuthorizationDetailsCommand({
        Filter: filter,
        MaxItems: MAX_ITEMS,
        Marker: marker,
      })
      return ask('iam:GetAccountAuthorizationDetails', null, () => client.send(request))
    },
    nextMarker,
    ({ RoleDetailList = [], Policies = [] }) => [
      { roles: RoleDetailList.map(toRoleDetails), policies: Policies.map(toPolicy) },
    ],
  )
}

/** IAM API reference, RoleDetail: it has neither description nor session duration. */
function readRoleSettings({ client, sdk }: Iam, ask: Ask): Promise<readonly (readonly [string, RoleSettings])[]> {
  return everyPage(
    (marker) => {
      const request = new sdk.ListRolesCommand({ MaxItems: MAX_ITEMS, Marker: marker })
      return ask('iam:ListRoles', null, () => client.send(request))
    },
    nextMarker,
    ({ Roles = [] }) =>
      Roles.map(({ RoleName = '', Description: description = '', MaxSessionDuration: maxSessionSeconds = 3600 }) => [
        RoleName,
        { description, maxSessionSeconds },
      ]),
  )
}

function toRoleDetails(role: RoleDetail): RoleDetails {
  const { AttachedManagedPolicies = [], InstanceProfileList = [], RolePolicyList = [] } = role
  return {
    listing: {
      name: role.RoleName ?? '',
      path: role.Path ?? '/',
      trustPolicy: role.AssumeRolePolicyDocument ?? '',
      tags: toTags(role.Tags),
      instanceProfiles: InstanceProfileList.flatMap(({ InstanceProfileName }) => InstanceProfileName ?? []),
    },
    permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    attachedPolicies: AttachedManagedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []),
    policies: Object.fromEntries(
      RolePolicyList.map(({ PolicyName = '', PolicyDocument = '' }) => [PolicyName, PolicyDocument]),
    ),
  }
}

function toPolicy({ Arn = '', PolicyVersionList = [] }: ManagedPolicyDetail): Omit<ObservedPolicy, 'tags'> {
  const current = PolicyVersionList.find(({ IsDefaultVersion: isDefault }) => isDefault === true)
  return { arn: Arn, document: current?.Document ?? '', versions: versionIds(PolicyVersionList) }
}
