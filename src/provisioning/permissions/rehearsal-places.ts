import { type AccountId, accountIdProblem } from '../../iam/account-id.ts'
import { isPartition, type Partition } from '../../iam/partition.ts'
import type { CallerIdentity } from '../plan.ts'
import { chosenAccounts } from '../spec/chosen-accounts.ts'
import { partitionOfAccount } from '../spec/read-accounts.ts'
import type { Spec, SpecPolicyReference } from '../spec/spec.ts'

/** Where a plan is rehearsed. */
export interface RehearsalPlace {
  readonly identity: CallerIdentity
  readonly region: string
}

/** Stands for the account that nobody named; it is nobody's. */
const ANY_ACCOUNT = '000000000000' as AccountId

/** An ARN of a rehearsal as policies write it. */
export function asInPolicy(arn: string): string {
  return arn.replace(`:${ANY_ACCOUNT}:`, ':*:')
}

/**
 * The accounts of the spec, or the one of them that was asked for. What nobody says is `*`: any region; any account,
 * unless an ARN in the spec tells.
 *
 * @throws AdminError NOT_FOUND_ACCOUNT
 */
export function rehearsalPlaces(spec: Spec, only: AccountId | undefined): readonly RehearsalPlace[] {
  const accounts = chosenAccounts(spec, only)
  const told = placeOfArns(spec)
  if (accounts === null) return [place(only ?? told.accountId ?? ANY_ACCOUNT, told.partition, null)]
  return accounts.map((account) => place(account.id, partitionOfAccount(account) ?? told.partition, account.region))
}

function place(accountId: AccountId, partition: Partition | null, region: string | null): RehearsalPlace {
  const identity = { accountId, partition: partition ?? ('aws' as Partition), callerArn: '' }
  return { identity, region: region ?? '*' }
}

function placeOfArns(spec: Spec) {
  const parts = arnsOf(spec).map((arn) => arn.split(':'))
  const accountIds = parts.map(([, , , , account = '']) => account)
  return {
    partition: parts.map(([, partition = '']) => partition).find(isPartition) ?? null,
    accountId: accountIds.find(isAccountId) ?? null,
  }
}

function isAccountId(text: string): text is AccountId {
  return accountIdProblem(text) === null
}

function arnsOf({ roles, instanceProfiles }: Spec): readonly string[] {
  return [...roles, ...instanceProfiles].flatMap(({ permissionsBoundary, managedPolicies, policies }) => [
    ...[permissionsBoundary, ...managedPolicies].flatMap(arnOf),
    ...policies.flatMap(({ grant }) =>
      grant.kind === 'rdsConnect' && grant.database.startsWith('arn:') ? [grant.database] : [],
    ),
  ])
}

function arnOf(policy: SpecPolicyReference | null): readonly string[] {
  return policy !== null && 'arn' in policy ? [policy.arn] : []
}
