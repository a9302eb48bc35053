import { AdminError } from '../../errors.ts'
import type { PolicyDocument } from '../../iam/policy-document.ts'
import { quote } from '../../iam/quote.ts'
import type { RoleName, RolePath } from '../../iam/role-name.ts'
import type { RoleDescription, SessionSeconds } from '../../iam/role-settings.ts'
import { type AssignedUsers, nameUsers } from '../assigned-users.ts'
import type { AwsAccount, ObservedRole } from '../aws-port.ts'
import { identityWidening } from '../identity-widening.ts'
import { type OwnershipClaim, refuseForeign, type Tags } from '../ownership.ts'
import type { CallerIdentity } from '../plan.ts'
import { parsePolicyDocument } from '../policy-document.ts'
import { type PlannedChange, toChange } from '../resource.ts'
import { trustWidening } from '../trust-widening.ts'
import { roleCreation, roleDifferences } from './role-differences.ts'
import type { NamedPolicy } from './role-policies.ts'
import { refuseForeignPolicies, roleSizes } from './role-quotas.ts'

/** What is `undefined` was not asked for, and stays as it is. */
export interface RoleRequest extends OwnershipClaim {
  readonly kind: 'web-identity-role' | 'ec2-role'
  readonly name: RoleName
  readonly trustPolicy: PolicyDocument
  readonly path: RolePath | undefined
  readonly description: RoleDescription | undefined
  readonly maxSessionSeconds: SessionSeconds | undefined
  /** The ARN of a managed policy; `null`: none. */
  readonly permissionsBoundary: string | null | undefined
  /** ARNs. */
  readonly managedPolicies: readonly string[] | undefined
  readonly inlinePolicies: readonly NamedPolicy[] | undefined
  /** Beside those of ownership. */
  readonly tags: Tags
  readonly assignedUsers: AssignedUsers
}

/** What is there of a role, as far as it was asked about. */
export interface RoleState {
  readonly role: ObservedRole
  readonly managedPolicies: readonly string[]
  /** As AWS sends them, by name. */
  readonly inlinePolicies: Readonly<Record<string, string>>
}

/** A role of any sort: changed in place, never recreated. */
export async function planRole(account: AwsAccount, request: RoleRequest): Promise<PlannedChange> {
  refuseForeignPolicies(account.identity, request)
  const state = await observeRole(account, request)
  if (state !== null) refuseWhatCannotChange(account, request, state.role)
  const differences = state === null ? [roleCreation(request)] : roleDifferences(request, state)
  const { kind, name } = request
  const arn = roleArn(account.identity, state?.role.path ?? request.path ?? '/', name)
  return {
    arn,
    change: toChange(account, { kind, name, exists: state !== null }, differences),
    sizes: await roleSizes(account, request, state),
    warnings: state === null || differences.length === 0 ? [] : await wideningWarnings(request, state, arn),
  }
}

export function roleArn({ partition, accountId }: CallerIdentity, path: string, name: string): string {
  return `arn:${partition}:iam::${accountId}:role${path}${name}`
}

async function observeRole(account: AwsAccount, request: RoleRequest): Promise<RoleState | null> {
  const role = await account.getRole(request.name)
  if (role === null) return null
  const managedPolicies = await account.listAttachedRolePolicies(role.name)
  const inlinePolicies = request.inlinePolicies === undefined ? {} : await account.listRolePolicies(role.name)
  return { role, managedPolicies, inlinePolicies }
}

/** @throws AdminError REFUSED_NOT_OURS, REFUSED_IMMUTABLE for name and path, which IAM never changes */
function refuseWhatCannotChange(account: AwsAccount, request: RoleRequest, observed: ObservedRole): void {
  const { name, path } = request
  if (observed.name !== name) {
    const message = `the account has the role ${quote(observed.name)}, and to IAM ${quote(name)} is the same name: case makes no difference`
    throw new AdminError('REFUSED_IMMUTABLE', message, { details: { role: name, observed: observed.name } })
  }
  refuseForeign(account, `the role ${quote(name)}`, observed.tags, request)
  if (path !== undefined && path !== observed.path) {
    const message = `the role ${quote(name)} has the path ${quote(observed.path)}, not ${quote(path)}; IAM cannot change the path of a role`
    throw new AdminError('REFUSED_IMMUTABLE', `${message}\nask for the path that it has, or choose another name`, {
      details: { role: name, path: observed.path, expected: path },
    })
  }
}

async function wideningWarnings(request: RoleRequest, state: RoleState, arn: string): Promise<readonly string[]> {
  const { name, permissionsBoundary, trustPolicy, inlinePolicies = [] } = request
  const lifted = permissionsBoundary === null ? state.role.permissionsBoundary : null
  const widenings = [
    ...trustWidening(parsePolicyDocument(state.role.trustPolicy), { ...trustPolicy }).map(
      (words) => `the role ${quote(name)} lets in more people than before: ${words}`,
    ),
    ...(lifted ? [`the role ${quote(name)} will no longer be bounded by ${lifted}`] : []),
    ...inlinePolicies.flatMap(({ name: policy, document }) =>
      identityWidening(parsePolicyDocument(state.inlinePolicies[policy] ?? ''), { ...document }).map(
        (words) => `the role ${quote(name)} may do more than before by its policy ${quote(policy)}: ${words}`,
      ),
    ),
  ]
  if (widenings.length === 0) return []
  const users = await request.assignedUsers(arn)
  const whom = users.length === 0 ? '' : `\nassigned to it: ${nameUsers(users)}`
  return widenings.map((words) => `${words}${whom}`)
}
