import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { interrupted } from './apply.ts'
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
 * Waits until the database has IAM authentication as asked and is ready for connections.
 *
 * @throws AdminError UNAVAILABLE_AWS after half an hour, REFUSED_INTERRUPTED, and where it waits for a window that may
 * be days away
 */
export async function waitUntilActive(
  account: AwsAccount,
  request: Omit<DatabaseAuthenticationRequest, 'applyImmediately'>,
  { sleep, isInterrupted, onWait }: ActivationWait,
): Promise<void> {
  let waited = 0
  for (let pause = FIRST; ; pause = Math.min(pause * 2, LONGEST)) {
    const database = await account.anew().describeDatabase(request.kind, request.identifier)
    if (isActive(database, request)) return
    if (database !== null && isInWindow(database)) throw waitsForWindow(database)
    if (isInterrupted()) throw interrupted()
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

/** It is at rest, and the change stands among what is pending. */
function isInWindow({ status, pending }: ObservedDatabase): boolean {
  return status === 'available' && 'IAMDatabaseAuthenticationEnabled' in pending
}

function waitsForWindow({ identifier }: ObservedDatabase): AdminError {
  const message = `${quote(identifier)} changes in its next maintenance window, which may be days away\n--apply-immediately does it now`
  return new AdminError('REFUSED_DEPENDENCY', message, { details: { database: identifier } })
}

function stillWaiting(identifier: string, database: ObservedDatabase | null): AdminError {
  const status = database?.status ?? 'not there'
  const message = `${quote(identifier)} is ${status} after half an hour, and does not have what was asked\nAWS goes on by itself; it is safe to run the command again`
  return new AdminError('UNAVAILABLE_AWS', message, { details: { database: identifier, status } })
}
