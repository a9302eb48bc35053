import type { AccountRoles, TellUnchecked } from '../audit/orphans.ts'
import { AdminError } from '../errors.ts'
import type { AccountRequest, Accounts } from './open-accounts.ts'
import type { Teller } from './teller.ts'

/**
 * The roles of every account that opens; those that do not are told, and the others are looked at all the same.
 *
 * @param requests `null`: AWS is not to be asked
 */
export async function withAccountRoles<T>(
  requests: readonly AccountRequest[] | null,
  teller: Teller,
  tellUnchecked: TellUnchecked,
  work: (accounts: readonly AccountRoles[] | null) => Promise<T>,
): Promise<T> {
  if (requests === null) return work(null)
  const opened = await Promise.all(requests.map((request) => openOrTell(request, teller, tellUnchecked)))
  const accounts = opened.filter((account) => account !== null)
  try {
    return await work(accounts.flatMap((account) => account.accounts.map(toAccountRoles)))
  } finally {
    for (const account of accounts) account.close()
  }
}

async function openOrTell(
  request: AccountRequest,
  teller: Teller,
  tellUnchecked: TellUnchecked,
): Promise<Accounts | null> {
  const { openAccounts } = await import('./open-accounts.ts')
  try {
    return await openAccounts([{ ...request, isBulk: false }], teller)
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    const which = request.expected === undefined ? 'the account of your credentials' : `account ${request.expected}`
    tellUnchecked(which, error.message)
    return null
  }
}

/** One question for all roles: more would be read in bulk. */
function toAccountRoles(account: Accounts['accounts'][number]): AccountRoles {
  return { accountId: account.identity.accountId, listRoles: () => account.listRoles() }
}
