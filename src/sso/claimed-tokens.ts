import { setTimeout as sleep } from 'node:timers/promises'
import type { Username } from '../assignments/username.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { logInAgain } from './log-in-again.ts'
import type { ClaimedTokens, TokenVault } from './token-vault.ts'

/** Longer than all that is done under a claim may take. */
const CLAIM_SECONDS = 120
const PATIENCE_SECONDS = 150
const PAUSE_MILLISECONDS = 250

/**
 * Does the work while nobody else, on whatever host, may spend the refresh token of that person. Waits for those who do.
 *
 * @throws AdminError NOT_FOUND_LOGIN, UNAVAILABLE_LOCK
 */
export async function withClaimedTokens<T>(
  vault: TokenVault,
  username: Username,
  work: (claimed: ClaimedTokens) => Promise<T>,
): Promise<T> {
  for (let waited = 0; waited < PATIENCE_SECONDS * 1000; waited += PAUSE_MILLISECONDS) {
    const done = await tryWithClaimedTokens(vault, username, work)
    if (done !== null) return done.value
    if ((await vault.findTokens(username)) === null) throw noLogin(username)
    await sleep(PAUSE_MILLISECONDS)
  }
  throw new AdminError('UNAVAILABLE_LOCK', `another process is refreshing ${quote(username)} and does not end`, {
    details: { username },
  })
}

/** The same without waiting; `null` where somebody else has them, or nobody. */
export async function tryWithClaimedTokens<T>(
  vault: TokenVault,
  username: Username,
  work: (claimed: ClaimedTokens) => Promise<T>,
): Promise<{ readonly value: T } | null> {
  const claimed = await vault.claimTokens(username, CLAIM_SECONDS)
  if (claimed === null) return null
  try {
    return { value: await work(claimed) }
  } finally {
    await vault.releaseTokens(claimed.claim)
  }
}

export function noLogin(username: Username): AdminError {
  return new AdminError(
    'NOT_FOUND_LOGIN',
    `no tokens of ${quote(username)} are kept: they have not logged in here, or that login has ended`,
    {
      suggestions: [logInAgain(username)],
      details: { username },
    },
  )
}
