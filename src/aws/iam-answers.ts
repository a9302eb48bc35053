import type { InstanceProfile, PolicyVersion, Role, Tag } from '@aws-sdk/client-iam'
import type { ObservedInstanceProfile, ObservedRole } from '../provisioning/aws-port.ts'

/** The most that IAM puts on a page. */
export const MAX_ITEMS = 1000

interface MarkedPage {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

/** Where the next page of IAM begins. */
export function nextMarker({ IsTruncated: isTruncated, Marker: marker }: MarkedPage): string | undefined {
  return isTruncated === true ? marker : undefined
}

export function toTags(tags: readonly Tag[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
}

export function toObservedRole(role: Role): ObservedRole {
  return {
    name: role.RoleName ?? '',
    path: role.Path ?? '/',
    description: role.Description ?? '',
    maxSessionSeconds: role.MaxSessionDuration ?? 3600,
    permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    trustPolicy: role.AssumeRolePolicyDocument ?? '',
    tags: toTags(role.Tags),
  }
}

export function toObservedInstanceProfile(profile: InstanceProfile): ObservedInstanceProfile {
  return {
    arn: profile.Arn ?? '',
    path: profile.Path ?? '/',
    roles: (profile.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []),
    tags: toTags(profile.Tags),
  }
}

/** The default version, then the others from the oldest: ids count upwards and are never used again. */
export function versionIds(versions: readonly PolicyVersion[]): readonly string[] {
  const age = ({ VersionId: id = '' }: PolicyVersion) => Number(id.slice(1))
  const rank = ({ IsDefaultVersion: isDefault }: PolicyVersion) => (isDefault === true ? 0 : 1)
  return versions.toSorted((a, b) => rank(a) - rank(b) || age(a) - age(b)).flatMap(({ VersionId }) => VersionId ?? [])
}
