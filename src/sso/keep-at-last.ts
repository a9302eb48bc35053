import { setTimeout as sleep } from 'node:timers/promises'
import type { Username } from '../assignments/username.ts'
import { AdminError, exitCodes } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { logInAgain } from './log-in-again.ts'

/** As long as the refresh token is ours to spend. */
const PATIENCE_MILLISECONDS = 120_000
const PAUSE_MILLISECONDS = 500

/**
 * Keeps what the only answer brought, however long the store cannot be written, for two minutes at most.
 *
 * @param lost what follows where it cannot be kept
 * @throws AdminError UNAVAILABLE_STORE, DENIED_STORE
 */
export async function keepAtLast<T>(username: Username, lost: string, keep: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MILLISECONDS
  for (;;) {
    try {
      return await keep()
    } catch (error) {
      if (!isPassing(error) || performance.now() >= end) throw notKept(username, lost, error)
    }
    await sleep(PAUSE_MILLISECONDS)
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof AdminError && error.exitCode === exitCodes.UNAVAILABLE_STORE
}

/** That nothing was changed, which the store says of itself, would be wrong here. */
function notKept(username: Username, lost: string, error: unknown): AdminError {
  const { code, message } =
    error instanceof AdminError ? error : { code: 'UNAVAILABLE_STORE' as const, message: String(error) }
  const why = message.replace(/\nnothing was changed.*/s, '')
  return new AdminError(code, `the new tokens of ${quote(username)} could not be kept: ${why}\n${lost}`, {
    suggestions: [logInAgain(username)],
    details: { username },
    cause: error,
  })
}
