import { AdminError } from '../errors.ts'
import type { AwsAccount } from './aws-port.ts'
import type { ResourceKind } from './plan.ts'
import type { PlannedResource } from './resource.ts'

/** How much of a kind an account has and may have (IAM API reference, GetAccountSummary, SummaryMap). */
const COUNTED: readonly { readonly what: string; readonly kinds: readonly ResourceKind[]; readonly key: string }[] = [
  { what: 'roles', kinds: ['web-identity-role', 'ec2-role'], key: 'Roles' },
  { what: 'customer managed policies', kinds: ['managed-policy'], key: 'Policies' },
  { what: 'instance profiles', kinds: ['instance-profile'], key: 'InstanceProfiles' },
]

/** @throws AdminError REFUSED_QUOTA with every quota of the account that the plan would exceed */
export async function refuseFullAccount(account: AwsAccount, planned: readonly PlannedResource[]): Promise<void> {
  const isCreated = planned.some(({ change }) => COUNTED.some(({ kinds }) => isNew(change, kinds)))
  if (!isCreated) return
  const summary = await readSummary(account)
  const { accountId } = account.identity
  const over = COUNTED.flatMap(({ what, kinds, key }) => {
    const [now, quota] = [summary[key] ?? 0, summary[`${key}Quota`]]
    const more = planned.filter(({ change }) => isNew(change, kinds)).length
    return quota === undefined || more === 0 || now + more <= quota ? [] : [{ accountId, what, now, more, quota }]
  })
  if (over.length === 0) return
  const lines = over.map(
    ({ what, now, more, quota }) =>
      `account ${accountId} has ${now} ${what} and would have ${now + more}; it may have ${quota}`,
  )
  throw new AdminError('REFUSED_QUOTA', lines.join('\n'), { details: { quotas: over } })
}

function isNew({ action, kind }: PlannedResource['change'], kinds: readonly ResourceKind[]): boolean {
  return action === 'create' && kinds.includes(kind)
}

/** Who may not read them plans without them; AWS keeps to them all the same. */
async function readSummary(account: AwsAccount): Promise<Readonly<Record<string, number>>> {
  try {
    return await account.accountSummary()
  } catch (error) {
    if (error instanceof AdminError && error.code === 'DENIED_AWS') return {}
    throw error
  }
}
