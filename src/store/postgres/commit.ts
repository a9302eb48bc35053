import { setTimeout as sleep } from 'node:timers/promises'
import { isConnectionLost } from '../../connection/postgres-failures.ts'
import type { PostgresLocation } from '../../connection/postgres-location.ts'
import { AdminError } from '../../errors.ts'
import { openSession } from './session.ts'

/** Milliseconds before each time the server is asked: it may be about to start again. */
const PAUSES = [0, 250, 500, 1000, 2000, 4000]

/**
 * Makes sure of what became of a transaction whose connection broke while it was being committed: the server is asked
 * by another connection. Returns where it was committed.
 *
 * @param xid the number of the transaction, as `pg_current_xact_id()` has it
 * @param failure what the commit threw
 * @throws AdminError UNAVAILABLE_STORE where it was not committed, or nobody can tell; else `failure`
 */
export async function settleCommit(location: PostgresLocation, xid: string, failure: unknown): Promise<void> {
  if (!isConnectionLost(failure)) throw failure
  const outcome = await outcomeOf(location, xid)
  if (outcome === 'committed') return
  if (outcome === 'aborted') throw failure
  const { name } = location
  throw new AdminError(
    'UNAVAILABLE_STORE',
    `the connection to ${name} broke while a change was being committed\nit is not known whether it was made; run the command again: what is done is not done twice`,
    { details: { server: name }, cause: failure },
  )
}

async function outcomeOf(location: PostgresLocation, xid: string): Promise<'committed' | 'aborted' | 'unknown'> {
  for (const pause of PAUSES) {
    await sleep(pause)
    const status = await askStatus(location, xid)
    if (status === 'committed' || status === 'aborted') return status
  }
  return 'unknown'
}

/** `in progress` where the server has not noticed yet that we are gone; `null` where it cannot be asked. */
async function askStatus(location: PostgresLocation, xid: string): Promise<string | null> {
  try {
    const session = await openSession(location)
    try {
      const { rows } = await session.client.query<{ status: string | null }>(
        'SELECT pg_xact_status($1::text::xid8) AS status',
        [xid],
      )
      return rows[0]?.status ?? null
    } finally {
      await session.end()
    }
  } catch {
    return null
  }
}
