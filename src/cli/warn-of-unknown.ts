import type { Username } from '../assignments/username.ts'
import { AdminError } from '../errors.ts'
import { nearNames } from '../iam/near-names.ts'
import { quote } from '../iam/quote.ts'
import type { SessionFiles } from '../sessions/session-files.ts'
import { isSystemUser } from '../sessions/system-user.ts'
import { writeWarning } from './output.ts'

/**
 * Says so where a name is probably mistyped: neither store nor system know it. Where one of them cannot be asked there is
 * nothing to say.
 *
 * @param isInStore whether the store knows them
 */
export async function warnOfUnknown(
  username: Username,
  files: SessionFiles,
  isInStore: () => Promise<boolean>,
): Promise<void> {
  try {
    if ((await isSystemUser(username)) || (await isInStore())) return
    const near = nearNames(username, [...new Set(files.list().sessions.map((session) => session.username))])
    const question = near.length === 0 ? '' : `; did you mean ${near.map(quote).join(' or ')}?`
    writeWarning(`neither the store nor this system knows a user ${quote(username)}${question}`)
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
  }
}
