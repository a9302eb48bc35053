import { AdminError } from '../../errors.ts'
import { policySize } from '../../iam/policy-packing.ts'
import { quote } from '../../iam/quote.ts'
import type { AwsAccount } from '../aws-port.ts'
import { parsePolicyDocument } from '../policy-document.ts'
import type { Size } from '../resource.ts'
import type { RoleRequest, RoleState } from './role.ts'
import type { NamedPolicy } from './role-policies.ts'

/** What every account allows unless it was raised (IAM user guide, "IAM and AWS STS quotas"). */
const DEFAULT_TRUST_POLICY_SIZE = 2048

/**
 * What counts against quotas. Documents are counted as they are sent, without white space. Who may not read the quotas
 * of the account gets the sizes alone, unless one is beyond what every account allows.
 *
 * @throws AdminError REFUSED_QUOTA with every one that is exceeded, DENIED_AWS
 */
export async function roleSizes(
  account: AwsAccount,
  request: RoleRequest,
  state: RoleState | null,
): Promise<readonly Size[]> {
  const trust = policySize(request.trustPolicy)
  const quotas = await readQuotas(account, trust)
  const inline = request.inlinePolicies?.map(({ document }) => policySize(document)) ?? []
  const managed = (request.managedPolicies ?? state?.managedPolicies ?? []).length
  const sizes: readonly Size[] = [
    { of: 'trust policy', unit: 'characters', count: trust, quota: quotas.AssumeRolePolicySizeQuota ?? null },
    ...(inline.length === 0
      ? []
      : [
          {
            of: 'inline policies',
            unit: 'characters',
            count: inline.reduce((sum, characters) => sum + characters, 0),
            quota: quotas.RolePolicySizeQuota ?? null,
          } as const,
        ]),
    ...(managed === 0
      ? []
      : [
          {
            of: 'managed policies',
            unit: 'policies',
            count: managed,
            quota: quotas.AttachedPoliciesPerRoleQuota ?? null,
          } as const,
        ]),
  ]
  refuseOver(account, request.name, sizes)
  return sizes
}

/**
 * The inline policies of a role together, as they will be when one is put among those that it has.
 *
 * @throws AdminError REFUSED_QUOTA
 */
export async function inlineSize(
  account: AwsAccount,
  role: string,
  observed: Readonly<Record<string, string>>,
  policy: NamedPolicy,
): Promise<Size> {
  const { RolePolicySizeQuota: quota = null } = await readQuotas(account, 0)
  const others = Object.entries(observed).filter(([name]) => name !== policy.name)
  const sizes = others.map(([, text]) => JSON.stringify(parsePolicyDocument(text) ?? text).length)
  const count = sizes.reduce((sum, characters) => sum + characters, policySize(policy.document))
  const size: Size = { of: 'inline policies', unit: 'characters', count, quota }
  refuseOver(account, role, [size])
  return size
}

const ADVICE: Readonly<Record<string, string>> = {
  'trust policy':
    'name fewer subjects, split them over several roles, or have the quota "Role trust policy length" (L-C07B4B0D) raised',
  'inline policies': 'split them over several roles',
  'managed policies': 'attach fewer, or have the quota "Managed policies attached to an IAM role" (L-0DA4ABF3) raised',
}

function refuseOver({ identity: { accountId } }: AwsAccount, role: string, sizes: readonly Size[]): void {
  const over = sizes.filter(({ count, quota }) => quota !== null && count > quota)
  if (over.length === 0) return
  const lines = over.map(({ of, unit, count, quota }) =>
    unit === 'policies'
      ? `the role ${quote(role)} would have ${count} managed policies, account ${accountId} allows ${quota}\n${ADVICE[of]}`
      : `the ${of} of the role ${quote(role)} would have ${count} characters, account ${accountId} allows ${quota}\n${ADVICE[of]}`,
  )
  throw new AdminError('REFUSED_QUOTA', lines.join('\n'), { details: { role, accountId, sizes: over } })
}

async function readQuotas(account: AwsAccount, trustSize: number): Promise<Readonly<Record<string, number>>> {
  try {
    return await account.accountSummary()
  } catch (error) {
    const isBearable = error instanceof AdminError && error.code === 'DENIED_AWS'
    if (isBearable && trustSize <= DEFAULT_TRUST_POLICY_SIZE) return {}
    throw error
  }
}
