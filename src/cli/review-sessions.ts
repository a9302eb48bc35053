import type { Clock } from '../clock.ts'
import type { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { endLostSessions } from '../sessions/end-sessions.ts'
import type { Store } from '../store/store.ts'
import { openSessionPlaces } from './open-session-places.ts'
import { writeNote, writeWarning } from './output.ts'
import type { SessionPaths } from './session-paths.ts'

/** Ends the sessions of those who lost their role, and says so. Answers whether that is known to be all of them. */
export async function reviewSessions(
  store: Store,
  people: ReadonlySet<string> | null,
  paths: SessionPaths,
  clock: Clock,
): Promise<boolean> {
  const { ended, failed } = await endLostSessions(openSessionPlaces(paths, clock), store, people, clock)
  for (const { username, roleArn } of ended) writeNote(`ended the session of ${quote(username)} with ${roleArn}`)
  return tellFailures(failed)
}

/** What could not be ended is told loudly: whoever has the token can go on. Answers whether there is nothing to tell. */
export function tellFailures(failed: readonly AdminError[]): boolean {
  for (const { message } of failed) {
    writeWarning(
      `a session may still be live that should have ended: ${message}\nwhat was changed stands; see admin session list, and end it with admin session end USERNAME --role ARN, which needs no note`,
    )
  }
  return failed.length === 0
}
