import type { PolicyDocument } from '../../iam/policy-document.ts'
import type { ObservedRole } from '../aws-port.ts'
import { ownerOf, ownershipTags, tagList } from '../ownership.ts'
import { type Call, type FieldChange, iamCall } from '../plan.ts'
import { parsePolicyDocument, samePolicy } from '../policy-document.ts'
import type { Difference } from '../resource.ts'
import type { WebIdentityRoleRequest } from './web-identity-role.ts'

export interface ObservedRoleState {
  readonly role: ObservedRole
  readonly attachedPolicies: readonly string[]
}

/** A role from nothing: tagged in the same call that makes it, so that no failure leaves one that nobody owns. */
export function roleCreation(request: WebIdentityRoleRequest, trustPolicy: PolicyDocument): Difference {
  const { name, path, description, maxSessionSeconds, permissionsBoundary, managedPolicies = [], spec } = request
  const tags = ownershipTags(spec)
  const input = {
    RoleName: name,
    ...(path !== undefined && { Path: path }),
    AssumeRolePolicyDocument: JSON.stringify(trustPolicy),
    ...(description && { Description: description }),
    ...(maxSessionSeconds !== undefined && { MaxSessionDuration: maxSessionSeconds }),
    ...(permissionsBoundary && { PermissionsBoundary: permissionsBoundary }),
    Tags: tagList(tags),
  }
  const values = {
    path,
    trustPolicy,
    description: description || undefined,
    maxSessionDuration: maxSessionSeconds,
    permissionsBoundary: permissionsBoundary ?? undefined,
  }
  const fields = Object.entries(values).flatMap(([field, after]) =>
    after === undefined ? [] : [{ path: field, before: null, after }],
  )
  return {
    fields: [
      ...fields,
      ...(managedPolicies.length > 0 ? [{ path: 'managedPolicies', before: null, after: managedPolicies }] : []),
      { path: 'tags', before: null, after: tags },
    ],
    calls: [iamCall('CreateRole', input), ...managedPolicies.map((arn) => attachment('AttachRolePolicy', name, arn))],
  }
}

/** What an existing role lacks, in the order in which it is carried out: what takes rights away, then what gives them. */
export function roleDifferences(
  request: WebIdentityRoleRequest,
  trustPolicy: PolicyDocument,
  { role, attachedPolicies }: ObservedRoleState,
): readonly Difference[] {
  const boundary = boundaryDifference(request, role)
  const isLifted = request.permissionsBoundary === null
  const policies = policiesDifference(request, attachedPolicies)
  return [
    ...tagDifference(request, role),
    ...(isLifted ? [] : boundary),
    ...policies.detached,
    ...trustDifference(request, role, trustPolicy),
    ...settingsDifference(request, role),
    ...policies.attached,
    ...(isLifted ? boundary : []),
  ]
}

function tagDifference({ name, spec }: WebIdentityRoleRequest, { tags }: ObservedRole): readonly Difference[] {
  if (ownerOf(tags, spec).kind === 'ours') return []
  const missing = Object.entries(ownershipTags(spec)).filter(([key, value]) => tags[key] !== value)
  return [
    {
      fields: missing.map(([key, after]) => ({ path: `tags.${key}`, before: tags[key] ?? null, after })),
      calls: [iamCall('TagRole', { RoleName: name, Tags: tagList(Object.fromEntries(missing)) })],
    },
  ]
}

function trustDifference(
  { name }: WebIdentityRoleRequest,
  role: ObservedRole,
  trustPolicy: PolicyDocument,
): readonly Difference[] {
  const before = parsePolicyDocument(role.trustPolicy)
  if (before !== null && samePolicy(before, { ...trustPolicy })) return []
  return [
    {
      fields: [{ path: 'trustPolicy', before: before ?? role.trustPolicy, after: trustPolicy }],
      calls: [iamCall('UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument: JSON.stringify(trustPolicy) })],
    },
  ]
}

/**
 * Both settings go into each call: UpdateRole takes the default of one hour for a duration that it is not told
 * (IAM API reference, UpdateRole).
 */
function settingsDifference(
  { name, description, maxSessionSeconds }: WebIdentityRoleRequest,
  role: ObservedRole,
): readonly Difference[] {
  const fields: readonly FieldChange[] = [
    ...changed('description', role.description, description),
    ...changed('maxSessionDuration', role.maxSessionSeconds, maxSessionSeconds),
  ]
  if (fields.length === 0) return []
  const input = {
    RoleName: name,
    Description: description ?? role.description,
    MaxSessionDuration: maxSessionSeconds ?? role.maxSessionSeconds,
  }
  return [{ fields, calls: [iamCall('UpdateRole', input)] }]
}

function changed(path: string, before: unknown, after: unknown): readonly FieldChange[] {
  return after === undefined || after === before ? [] : [{ path, before, after }]
}

function boundaryDifference(
  { name, permissionsBoundary }: WebIdentityRoleRequest,
  role: ObservedRole,
): readonly Difference[] {
  const fields = changed('permissionsBoundary', role.permissionsBoundary, permissionsBoundary)
  if (fields.length === 0) return []
  const next =
    permissionsBoundary === null
      ? iamCall('DeleteRolePermissionsBoundary', { RoleName: name })
      : iamCall('PutRolePermissionsBoundary', { RoleName: name, PermissionsBoundary: permissionsBoundary })
  return [{ fields, calls: [next] }]
}

/** Two steps of one field: what goes is detached before the trust policy changes, what comes is attached after it. */
function policiesDifference({ name, managedPolicies }: WebIdentityRoleRequest, before: readonly string[]) {
  const wanted: readonly string[] = managedPolicies ?? before
  const gone = before.filter((arn) => !wanted.includes(arn)).map((arn) => attachment('DetachRolePolicy', name, arn))
  const added = wanted.filter((arn) => !before.includes(arn)).map((arn) => attachment('AttachRolePolicy', name, arn))
  if (gone.length + added.length === 0) return { detached: [], attached: [] }
  const detached: Difference = { fields: [{ path: 'managedPolicies', before, after: wanted }], calls: gone }
  return { detached: [detached], attached: [{ fields: [], calls: added }] }
}

function attachment(operation: 'AttachRolePolicy' | 'DetachRolePolicy', roleName: string, arn: string): Call {
  return iamCall(operation, { RoleName: roleName, PolicyArn: arn })
}
