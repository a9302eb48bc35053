import type { Username } from '../assignments/username.ts'
import type { Clock } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { LiveSessions } from '../sso/live-sessions.ts'
import { holdsRole } from './choose-role.ts'
import { defaultSessionName } from './default-session-name.ts'
import type { SessionStore } from './end-sessions.ts'
import { endOfToken, subjectOfToken } from './id-token.ts'
import { isSameStore } from './same-store.ts'
import { mayBeOf, type Session, type SessionFiles } from './session-files.ts'

/** Is told why sessions of a person may have kept their former token. */
export type TellStale = (username: Username, failed: readonly AdminError[]) => void

/**
 * The sessions of this host as a login or a refresh sees them. Those whose role is lost, or whose name is
 * somebody else's now, are ended, not renewed. Never throws: the login is applied by then, and what could not be renewed is told.
 */
export function liveSessions(
  files: SessionFiles,
  store: SessionStore,
  clock: Clock,
  tellStale: TellStale,
): LiveSessions {
  return {
    replaceToken: async (username, token) => {
      const failed: AdminError[] = []
      const renewed = await replaceToken(files, store, clock, { username, token, failed })
      if (failed.length > 0) tellStale(username, failed)
      return renewed
    },
  }
}

interface Renewal {
  readonly username: Username
  readonly token: string
  readonly failed: AdminError[]
}

async function replaceToken(files: SessionFiles, store: SessionStore, clock: Clock, renewal: Renewal): Promise<number> {
  try {
    return files.isThere() ? await files.exclusively(() => renewTheirs(files, store, clock, renewal)) : 0
  } catch (error) {
    renewal.failed.push(toAdminError(error))
    return 0
  }
}

async function renewTheirs(
  files: SessionFiles,
  store: SessionStore,
  clock: Clock,
  { username, token, failed }: Renewal,
): Promise<number> {
  const { sessions, unreadable } = files.list()
  failed.push(...unreadable.filter((problem) => mayBeOf(username, problem)))
  const user = await store.findUser(username)
  const roleSessionName = user?.login?.roleSessionName ?? defaultSessionName(username)
  const renew = (session: Session) => {
    const isHeld = session.subject === subjectOfToken(token) && holdsRole(user, session.roleArn, clock())
    if (isHeld) files.put({ ...session, roleSessionName, tokenExpiresAt: endOfToken(token) }, token)
    else files.end(session)
    return isHeld
  }
  const theirs = sessions.filter((one) => one.username === username && isSameStore(one.store, store.location))
  return renewAll(theirs, renew, failed)
}

/** One that cannot be renewed does not keep the others from it. */
function renewAll(sessions: readonly Session[], renew: (session: Session) => boolean, failed: AdminError[]): number {
  let renewed = 0
  for (const session of sessions) {
    try {
      if (renew(session)) renewed += 1
    } catch (error) {
      failed.push(toAdminError(error))
    }
  }
  return renewed
}

function toAdminError(error: unknown): AdminError {
  if (error instanceof AdminError) return error
  const problem = error instanceof Error ? error.message : String(error)
  return new AdminError('UNAVAILABLE_FILE', `sessions could not be renewed: ${quote(problem)}`, { cause: error })
}
