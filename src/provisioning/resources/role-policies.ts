import type { PolicyDocument } from '../../iam/policy-document.ts'
import { policySize } from '../../iam/policy-packing.ts'
import { type Call, iamCall } from '../plan.ts'
import { parsePolicyDocument, samePolicy } from '../policy-document.ts'
import type { Difference } from '../resource.ts'
import type { RoleRequest, RoleState } from './role.ts'

/** An inline policy, or a managed one before it has an ARN. */
export interface NamedPolicy {
  readonly name: string
  readonly document: PolicyDocument
}

/** Taken away before the trust policy changes, given after it: nobody holds more than both states allow. */
export interface PolicyDifferences {
  readonly taken: readonly Difference[]
  readonly given: readonly Difference[]
}

/** All policies of a role that is new. */
export function policiesOfNew({ name, managedPolicies = [], inlinePolicies = [] }: RoleRequest): Difference {
  return {
    fields: [
      ...inlinePolicies.map((policy) => ({ path: `policies.${policy.name}`, before: null, after: policy.document })),
      ...(managedPolicies.length > 0 ? [{ path: 'managedPolicies', before: null, after: managedPolicies }] : []),
    ],
    calls: [
      ...inlinePolicies.map((policy) => putPolicy(name, policy)),
      ...managedPolicies.map((arn) => attachment('AttachRolePolicy', name, arn)),
    ],
  }
}

export function policyDifferences(request: RoleRequest, state: RoleState): PolicyDifferences {
  const managed = managedDifferences(request, state)
  const inline = inlineDifferences(request, state)
  return { taken: [...managed.taken, ...inline.taken], given: [...managed.given, ...inline.given] }
}

export function putPolicy(roleName: string, { name, document }: NamedPolicy): Call {
  return iamCall('PutRolePolicy', {
    RoleName: roleName,
    PolicyName: name,
    PolicyDocument: JSON.stringify(document),
  })
}

export function deletePolicy(roleName: string, name: string): Call {
  return iamCall('DeleteRolePolicy', { RoleName: roleName, PolicyName: name })
}

export function attachment(operation: 'AttachRolePolicy' | 'DetachRolePolicy', roleName: string, arn: string): Call {
  return iamCall(operation, { RoleName: roleName, PolicyArn: arn })
}

/** Two steps of one field. */
function managedDifferences(
  { name, managedPolicies }: RoleRequest,
  { managedPolicies: before }: RoleState,
): PolicyDifferences {
  const wanted: readonly string[] = managedPolicies ?? before
  const gone = before.filter((arn) => !wanted.includes(arn)).map((arn) => attachment('DetachRolePolicy', name, arn))
  const added = wanted.filter((arn) => !before.includes(arn)).map((arn) => attachment('AttachRolePolicy', name, arn))
  if (gone.length + added.length === 0) return { taken: [], given: [] }
  const taken: Difference = { fields: [{ path: 'managedPolicies', before, after: wanted }], calls: gone }
  return { taken: [taken], given: [{ fields: [], calls: added }] }
}

function inlineDifferences(
  { name, inlinePolicies }: RoleRequest,
  { inlinePolicies: before }: RoleState,
): PolicyDifferences {
  if (inlinePolicies === undefined) return { taken: [], given: [] }
  const gone = Object.keys(before).filter((policy) => !inlinePolicies.some((wanted) => wanted.name === policy))
  return {
    taken: gone.map((policy) => ({
      fields: [{ path: `policies.${policy}`, before: shownPolicy(before[policy] ?? ''), after: null }],
      calls: [deletePolicy(name, policy)],
    })),
    // What shrinks goes first: their sum must fit the quota at every moment.
    given: inlinePolicies
      .toSorted((one, other) => growth(one, before) - growth(other, before))
      .flatMap((policy) => inlineDifference(name, policy, before[policy.name], `policies.${policy.name}`)),
  }
}

function growth({ name, document }: NamedPolicy, before: Readonly<Record<string, string>>): number {
  const text = before[name]
  return policySize(document) - (text === undefined ? 0 : policySize(parsePolicyDocument(text) ?? {}))
}

/** @param path of the field, as the plan shows it */
export function inlineDifference(
  roleName: string,
  policy: NamedPolicy,
  before: string | undefined,
  path: string,
): readonly Difference[] {
  const observed = before === undefined ? null : parsePolicyDocument(before)
  if (observed !== null && samePolicy(observed, { ...policy.document })) return []
  const shown = before === undefined ? null : shownPolicy(before)
  return [
    {
      fields: [{ path, before: shown, after: policy.document }],
      calls: [putPolicy(roleName, policy)],
    },
  ]
}

/** What is no JSON is shown as it came. */
export function shownPolicy(text: string): unknown {
  return parsePolicyDocument(text) ?? text
}
