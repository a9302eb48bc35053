import type { RoleDetail } from '@aws-sdk/client-iam'
import type { RoleListing } from '../provisioning/aws-port.ts'
import { type Ask, everyPage } from './ask.ts'
import type { Iam } from './clients.ts'
import { MAX_ITEMS, nextMarker, toTags } from './iam-answers.ts'

/** What the bulk answer of IAM tells of a role; not its description and session duration. */
export interface RoleDetails {
  readonly listing: RoleListing
  readonly permissionsBoundary: string | null
  readonly attachedPolicies: readonly string[]
  /** Documents by name. */
  readonly policies: Readonly<Record<string, string>>
}

/** Every role in a few large answers (IAM API reference, GetAccountAuthorizationDetails). */
export function readRoleDetails({ client, sdk }: Iam, ask: Ask): Promise<readonly RoleDetails[]> {
  return everyPage(
    (marker) => {
      const request = new sdk.GetAccountAuthorizationDetailsCommand({
        Filter: ['Role'],
        MaxItems: MAX_ITEMS,
        Marker: marker,
      })
      return ask('iam:GetAccountAuthorizationDetails', null, () => client.send(request))
    },
    nextMarker,
    ({ RoleDetailList = [] }) => RoleDetailList.map(toRoleDetails),
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
