import { ownershipTags } from '../ownership.ts'
import { type FieldChange, iamCall } from '../plan.ts'
import { parsePolicyDocument, samePolicy } from '../policy-document.ts'
import type { Difference } from '../resource.ts'
import { tagDifference, tagList } from '../tags.ts'
import type { RoleRequest, RoleState } from './role.ts'
import { policiesOfNew, policyDifferences } from './role-policies.ts'

/** A role from nothing: tagged in the same call that makes it, so that no failure leaves one that nobody owns. */
export function roleCreation(request: RoleRequest): Difference {
  const { name, path, description, maxSessionSeconds, permissionsBoundary, trustPolicy } = request
  const tags = ownershipTags(request.spec, request.tags)
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
  const policies = policiesOfNew(request)
  return {
    fields: [...fields, ...policies.fields, { path: 'tags', before: null, after: tags }],
    calls: [iamCall('CreateRole', input), ...policies.calls],
  }
}

/** What an existing role lacks, in the order in which it is carried out: what takes rights away, then what gives them. */
export function roleDifferences(request: RoleRequest, state: RoleState): readonly Difference[] {
  const boundary = boundaryDifference(request, state)
  const isLifted = request.permissionsBoundary === null
  const policies = policyDifferences(request, state)
  return [
    ...rolesTags(request, state),
    ...(isLifted ? [] : boundary),
    ...policies.taken,
    ...trustDifference(request, state),
    ...settingsDifference(request, state),
    ...policies.given,
    ...(isLifted ? boundary : []),
  ]
}

function rolesTags({ name, tags, spec }: RoleRequest, { role }: RoleState): readonly Difference[] {
  return tagDifference(role.tags, ownershipTags(spec, tags), (Tags) => iamCall('TagRole', { RoleName: name, Tags }))
}

function trustDifference({ name, trustPolicy }: RoleRequest, { role }: RoleState): readonly Difference[] {
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
  { name, description, maxSessionSeconds }: RoleRequest,
  { role }: RoleState,
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

function boundaryDifference({ name, permissionsBoundary }: RoleRequest, { role }: RoleState): readonly Difference[] {
  const fields = changed('permissionsBoundary', role.permissionsBoundary, permissionsBoundary)
  if (fields.length === 0) return []
  const next =
    permissionsBoundary === null
      ? iamCall('DeleteRolePermissionsBoundary', { RoleName: name })
      : iamCall('PutRolePermissionsBoundary', { RoleName: name, PermissionsBoundary: permissionsBoundary })
  return [{ fields, calls: [next] }]
}
