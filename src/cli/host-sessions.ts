import type { Clock } from '../clock.ts'
import { liveSessions } from '../sessions/live-sessions.ts'
import type { LiveSessions } from '../sso/live-sessions.ts'
import type { Store } from '../store/store.ts'
import { openSessionFiles } from './open-session-places.ts'
import { sessionPaths } from './session-paths.ts'

/** The live sessions of this host, for logins and refreshes; `null` where this user has no place for any. */
export function hostSessions(store: Store, clock: Clock): LiveSessions | null {
  const paths = sessionPaths(process.env)
  return paths.tokens === null ? null : liveSessions(openSessionFiles(paths), store, clock)
}
