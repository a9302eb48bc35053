import { homedir } from 'node:os'
import type { AccountAccess } from '../aws/credentials.ts'
import type { AccountId } from '../iam/account-id.ts'
import { type AdaptiveLimit, adaptiveLimit } from '../provisioning/adaptive-limit.ts'
import type { AwsAccount } from '../provisioning/aws-port.ts'
import { refuseWrongAccount } from '../provisioning/caller.ts'
import { inParallel } from '../provisioning/in-parallel.ts'
import { chosenAccounts } from '../provisioning/spec/chosen-accounts.ts'
import type { Spec, SpecAccount } from '../provisioning/spec/spec.ts'
import { keepNurserySmall } from './keep-nursery-small.ts'
import { tellRetries } from './tell-retries.ts'
import type { Teller } from './teller.ts'

export interface Accounts {
  readonly accounts: readonly AwsAccount[]
  readonly limitOf: (account: AwsAccount) => AdaptiveLimit
  readonly close: () => void
}

/** How one account is opened, and which it must be. */
export interface AccountRequest {
  readonly access: AccountAccess
  readonly expected: AccountId | undefined
  /** Read in bulk: right for many resources, more than one alone needs. */
  readonly isBulk: boolean
}

/**
 * Opens accounts, says as whom, and refuses those that are not the ones that were meant; nothing was read before, nor
 * written.
 *
 * @throws AdminError with the problems of all accounts at once
 */
export async function openAccounts(requests: readonly AccountRequest[], teller: Teller): Promise<Accounts> {
  const opened: Opened[] = []
  const close = () => {
    for (const account of opened) account.close()
  }
  try {
    await inParallel(requests.map((request) => async () => void opened.push(await open(request, teller))))
    opened.sort((one, other) => requests.indexOf(one.request) - requests.indexOf(other.request))
    for (const { callerLine } of opened) teller.note(callerLine)
    for (const { request, account } of opened) {
      if (request.expected !== undefined) refuseWrongAccount(account.identity, request.expected)
    }
  } catch (error) {
    close()
    throw error
  }
  const limits = new Map(opened.map(({ account, limit }) => [account, limit]))
  return {
    accounts: opened.map(({ account }) => account),
    limitOf: (account) => limits.get(account) ?? adaptiveLimit(),
    close,
  }
}

interface Opened {
  readonly request: AccountRequest
  readonly account: AwsAccount
  /** As whom, and with which credentials. */
  readonly callerLine: string
  readonly limit: AdaptiveLimit
  readonly close: () => void
}

async function open(request: AccountRequest, teller: Teller): Promise<Opened> {
  await keepNurserySmall()
  const { openAccount } = await import('../aws/open-account.ts')
  const limit = adaptiveLimit()
  const retries = tellRetries(teller.note, limit.throttled)
  const search = { environment: process.env, home: homedir(), argv: process.argv.slice(2) }
  const { account: direct, credentialSource, close } = await openAccount(search, request.access, retries)
  const { callerArn, accountId } = direct.identity
  const source = credentialSource === null ? '' : ` (credentials: ${credentialSource})`
  const callerLine = `Acting as ${callerArn} in account ${accountId}${source}`
  const { bulkReads } = await import('../aws/bulk-reads.ts')
  return { request, account: request.isBulk ? bulkReads(direct) : direct, callerLine, limit, close }
}

/**
 * The accounts of a spec, or the one that was asked for.
 *
 * @throws AdminError NOT_FOUND_ACCOUNT where the spec does not know it
 */
export function accountsOf(spec: Spec, only: AccountId | undefined, actor: string): readonly AccountRequest[] {
  const accounts = chosenAccounts(spec, only)
  if (accounts === null) return [{ ...ambientAccount(actor), expected: only }]
  return accounts.map((account) => ({ access: toAccess(account, actor), expected: account.id, isBulk: true }))
}

/** Whichever the credentials of the environment are of. */
export function ambientAccount(actor: string): AccountRequest {
  return { access: ambient(actor), expected: undefined, isBulk: true }
}

/** With what the environment and the machine offer; `region`: another than theirs. */
export function ambient(actor: string, region: string | null = null): AccountAccess {
  return { profile: null, assumeRole: null, externalId: null, region, actor }
}

function toAccess({ id: _, ...access }: SpecAccount, actor: string): AccountAccess {
  return { ...access, actor }
}
