import { AdminError } from '../../errors.ts'
import type { AccountId } from '../../iam/account-id.ts'
import type { Spec, SpecAccount } from './spec.ts'

/**
 * The accounts of a spec, or the one that was asked for; `null` where the spec leaves it to the credentials.
 *
 * @throws AdminError NOT_FOUND_ACCOUNT where the spec does not know it
 */
export function chosenAccounts({ accounts, file }: Spec, only: AccountId | undefined): readonly SpecAccount[] | null {
  if (accounts === null || only === undefined) return accounts
  const chosen = accounts.filter(({ id }) => id === only)
  if (chosen.length > 0) return chosen
  const known = accounts.map(({ id }) => id).join(', ')
  throw new AdminError('NOT_FOUND_ACCOUNT', `${file} has no account ${only}; it has ${known}`)
}
