import { AdminError } from '../errors.ts'
import type { AccountId } from '../iam/account-id.ts'
import { quote } from '../iam/quote.ts'
import type { CallerIdentity } from './plan.ts'

/**
 * To be asked before the first read.
 *
 * @throws AdminError REFUSED_WRONG_ACCOUNT
 */
export function refuseWrongAccount({ accountId, callerArn }: CallerIdentity, expected: AccountId): void {
  if (accountId === expected) return
  const message = `the credentials are of account ${quote(accountId)}, expected ${quote(expected)}\nyou act as ${callerArn}`
  throw new AdminError('REFUSED_WRONG_ACCOUNT', message, { details: { accountId, expected, callerArn } })
}
