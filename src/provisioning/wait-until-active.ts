import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { AwsAccount, ObservedDatabase } from './aws-port.ts'
import type { DatabaseAuthenticationRequest } from './resources/iam-database-authentication.ts'

export interface ActivationWait {
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly isInterrupted: () => boolean
  readonly onWait: (words: string) => void
}

const FIRST = 1000
const LONGEST = 15_000
/** Changes of databases take minutes; of large ones that are restarted, many. */
const PATIENCE = 30 * 60_000

/**
 * For before the first write: nobody waits for a window that may be days away.
 *
 * @throws AdminError REFUSED_MAINTENANCE_WINDOW
 */
export function refuseDistantWait(
  { identifier, iamAuthentication }: ObservedDatabase,
  { isEnabled, applyImmediately }: DatabaseAuthenticationRequest,
): void {
  if (applyImmediately || iamAuthentication === isEnabled) return
  const message = `${quote(identifier)} changes in its next maintenance window, which may be days away: too long to --wait\n--apply-immediately does it now`
  throw new AdminError('REFUSED_MAINTENANCE_WINDOW', message, { details: { database: identifier } })
}

/**
 * Waits until the database has IAM authentication as asked and is ready for connections. Just after the change was asked
 * for, it may still look as if it were at rest.
 *
 * @returns false where the wait was interrupted
 * @throws AdminError UNAVAILABLE_AWS after half an hour
 */
export async function waitUntilActive(
  account: AwsAccount,
  request: Omit<DatabaseAuthenticationRequest, 'applyImmediately'>,
  { sleep, isInterrupted, onWait }: ActivationWait,
): Promise<boolean> {
  let waited = 0
  for (let pause = FIRST; ; pause = Math.min(pause * 2, LONGEST)) {
    const database = await account.anew().describeDatabase(request.kind, request.identifier)
    if (isActive(database, request)) return true
    if (isInterrupted()) return false
    if (waited >= PATIENCE) throw stillWaiting(request.identifier, database)
    if (waited === 0) onWait(`Waiting for ${quote(request.identifier)}: ${database?.status ?? 'not there'}`)
    await sleep(pause)
    waited += pause
  }
}

function isActive(
  database: ObservedDatabase | null,
  { isEnabled }: Pick<DatabaseAuthenticationRequest, 'isEnabled'>,
): boolean {
  return database !== null && database.iamAuthentication === isEnabled && database.status === 'available'
}

function stillWaiting(identifier: string, database: ObservedDatabase | null): AdminError {
  const status = database?.status ?? 'not there'
  const message = `${quote(identifier)} is ${status} after half an hour, and does not have what was asked\nAWS goes on by itself; it is safe to run the command again`
  return new AdminError('UNAVAILABLE_AWS', message, { details: { database: identifier, status } })
}
