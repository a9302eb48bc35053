import { AdminError } from '../../errors.ts'
import { type PolicyArn, policyArnParts } from '../../iam/policy-arn.ts'
import { quote } from '../../iam/quote.ts'
import type { AwsAccount } from '../aws-port.ts'
import type { CallerIdentity } from '../plan.ts'
import type { RoleRequest, RoleState } from './role.ts'

/**
 * A role takes policies of AWS and of its own account, in its own partition.
 *
 * @throws AdminError INVALID_POLICY_ARN with every one that is neither
 */
export function refuseForeignPolicies(
  { partition, accountId }: CallerIdentity,
  { managedPolicies = [], permissionsBoundary }: Pick<RoleRequest, 'managedPolicies' | 'permissionsBoundary'>,
): void {
  const named: readonly (readonly [string, string])[] = [
    ...managedPolicies.map((arn) => ['the managed policy', arn] as const),
    ...(permissionsBoundary ? [['the permissions boundary', permissionsBoundary] as const] : []),
  ]
  const bad = named.flatMap(([what, arn]) => {
    const parts = policyArnParts(arn as PolicyArn)
    if (parts.partition !== partition)
      return [`${what} ${quote(arn)} is in partition ${parts.partition}, you act in ${partition}`]
    const isOwn = parts.owner === 'aws' || parts.owner === accountId
    return isOwn
      ? []
      : [`${what} ${quote(arn)} is of account ${parts.owner}, you act in ${accountId}; a role cannot use it`]
  })
  if (bad.length > 0) throw new AdminError('INVALID_POLICY_ARN', bad.join('\n'), { details: { partition, accountId } })
}

/**
 * Looks for the policies that the role would get, so that a slip of the pen is known before anything is done. `null`
 * where all are there, else NOT_FOUND_POLICY with every one that is not.
 */
export async function missingPolicies(
  account: AwsAccount,
  { name, managedPolicies = [], permissionsBoundary, upcomingPolicies }: RoleRequest,
  state: RoleState | null,
): Promise<AdminError | null> {
  const known = new Set([...(state?.managedPolicies ?? []), ...upcomingPolicies, state?.role.permissionsBoundary])
  const wanted = [...managedPolicies, ...(permissionsBoundary ? [permissionsBoundary] : [])]
  const asked = wanted.filter((arn) => !known.has(arn))
  const answers = await Promise.all(asked.map((arn) => account.hasPolicy(arn)))
  const missing = asked.filter((_, index) => answers[index] === false)
  if (missing.length === 0) return null
  const lines = missing.map((arn) => `there is no policy ${quote(arn)}, which the role ${quote(name)} should have`)
  return new AdminError('NOT_FOUND_POLICY', lines.join('\n'), { details: { role: name, policies: missing } })
}
