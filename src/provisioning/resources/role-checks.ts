import { AdminError } from '../../errors.ts'
import { type PolicyArn, policyArnParts } from '../../iam/policy-arn.ts'
import { quote } from '../../iam/quote.ts'
import type { PolicyDocument } from '../../iam/trust-policy.ts'
import type { AwsAccount } from '../aws-port.ts'
import type { CallerIdentity } from '../plan.ts'
import type { Size } from '../resource.ts'
import type { WebIdentityRoleRequest } from './web-identity-role.ts'

/** What every account allows unless it was raised (IAM user guide, "IAM and AWS STS quotas"). */
const DEFAULT_TRUST_POLICY_SIZE = 2048

/**
 * A role takes policies of AWS and of its own account, in its own partition.
 *
 * @throws AdminError INVALID_POLICY_ARN with every one that is neither
 */
export function refuseForeignPolicies(
  { partition, accountId }: CallerIdentity,
  {
    managedPolicies = [],
    permissionsBoundary,
  }: Pick<WebIdentityRoleRequest, 'managedPolicies' | 'permissionsBoundary'>,
): void {
  const named: readonly (readonly [string, PolicyArn])[] = [
    ...managedPolicies.map((arn) => ['--policy', arn] as const),
    ...(permissionsBoundary ? [['--permissions-boundary', permissionsBoundary] as const] : []),
  ]
  const bad = named.flatMap(([flag, arn]) => {
    const parts = policyArnParts(arn)
    if (parts.partition !== partition)
      return [`${flag} ${quote(arn)} is in partition ${parts.partition}, you act in ${partition}`]
    const isOwn = parts.owner === 'aws' || parts.owner === accountId
    return isOwn
      ? []
      : [`${flag} ${quote(arn)} is of account ${parts.owner}, you act in ${accountId}; a role cannot use it`]
  })
  if (bad.length > 0) throw new AdminError('INVALID_POLICY_ARN', bad.join('\n'), { details: { partition, accountId } })
}

/**
 * Counted as it is sent, without white space. Who may not read the quota of the account gets the size alone, unless it
 * is beyond what every account allows.
 *
 * @throws AdminError REFUSED_QUOTA, DENIED_AWS
 */
export async function trustPolicySize(account: AwsAccount, trustPolicy: PolicyDocument): Promise<Size> {
  const characters = JSON.stringify(trustPolicy).length
  const quota = await readQuota(account, characters)
  const most = quota ?? DEFAULT_TRUST_POLICY_SIZE
  if (characters <= most) return { of: 'trust policy', characters, quota }
  const { accountId } = account.identity
  throw new AdminError(
    'REFUSED_QUOTA',
    `the trust policy would have ${characters} characters, account ${accountId} allows ${most}\nname fewer subjects, split them over several roles, or have the quota "Role trust policy length" (L-C07B4B0D) raised`,
    { details: { length: characters, quota: most, accountId } },
  )
}

async function readQuota(account: AwsAccount, characters: number): Promise<number | null> {
  try {
    return (await account.accountSummary()).AssumeRolePolicySizeQuota ?? null
  } catch (error) {
    const isBearable = error instanceof AdminError && error.code === 'DENIED_AWS'
    if (isBearable && characters <= DEFAULT_TRUST_POLICY_SIZE) return null
    throw error
  }
}
