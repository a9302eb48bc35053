import type { Username } from '../assignments/username.ts'
import type { Clock } from '../clock.ts'
import type { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import { liveSessions } from '../sessions/live-sessions.ts'
import type { LiveSessions } from '../sso/live-sessions.ts'
import type { Store } from '../store/store.ts'
import { openSessionFiles } from './open-session-places.ts'
import { writeWarning } from './output.ts'
import { sessionPaths } from './session-paths.ts'

/**
 * The live sessions of this host, for logins and refreshes; `null` where this user has no place for any. What keeps a
 * session from its new token is told on stderr.
 *
 * @param onStale hears that there was something to tell
 */
export function hostSessions(store: Store, clock: Clock, onStale: () => void): LiveSessions | null {
  const paths = sessionPaths(process.env)
  if (paths.tokens === null) return null
  return liveSessions(openSessionFiles(paths), store, clock, (username, failed) => {
    for (const problem of failed) tellStale(username, problem)
    onStale()
  })
}

function tellStale(username: Username, { message }: AdminError): void {
  writeWarning(
    `a session of ${quote(username)} may still have its former token: ${message}\nthe new login is applied and its tokens are kept; when that is mended, run admin session env ${shellQuote(username)}`,
  )
}
