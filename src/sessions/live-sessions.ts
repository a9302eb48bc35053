import type { Username } from '../assignments/username.ts'
import type { Clock } from '../clock.ts'
import { AdminError, combined } from '../errors.ts'
import type { LiveSessions } from '../sso/live-sessions.ts'
import { holdsRole } from './choose-role.ts'
import { defaultSessionName } from './default-session-name.ts'
import type { SessionStore } from './end-sessions.ts'
import { endOfToken, subjectOfToken } from './id-token.ts'
import { isSameStore } from './same-store.ts'
import type { Session, SessionFiles } from './session-files.ts'

/** The sessions of this host as a login or a refresh sees them. Those whose role is lost, or whose name is somebody else's now, are ended, not renewed. */
export function liveSessions(files: SessionFiles, store: SessionStore, clock: Clock): LiveSessions {
  return {
    replaceToken: async (username, token) =>
      files.isThere() ? files.exclusively(() => replaceToken(files, store, clock, username, token)) : 0,
  }
}

async function replaceToken(
  files: SessionFiles,
  store: SessionStore,
  clock: Clock,
  username: Username,
  token: string,
): Promise<number> {
  const { sessions, unreadable } = files.list()
  const user = await store.findUser(username)
  const roleSessionName = user?.login?.roleSessionName ?? defaultSessionName(username)
  const renew = (session: Session) => {
    const isHeld = session.subject === subjectOfToken(token) && holdsRole(user, session.roleArn, clock())
    if (isHeld) files.put({ ...session, roleSessionName, tokenExpiresAt: endOfToken(token) }, token)
    else files.end(session)
    return isHeld
  }
  const theirs = sessions.filter((one) => one.username === username && isSameStore(one.store, store.location))
  const { renewed, failed } = renewAll(theirs, renew)
  // What cannot be read may have been one of theirs.
  const problems = [...unreadable, ...failed]
  if (problems.length > 0) throw combined(problems)
  return renewed
}

/** One that cannot be renewed does not keep the others from it. */
function renewAll(sessions: readonly Session[], renew: (session: Session) => boolean) {
  const failed: AdminError[] = []
  let renewed = 0
  for (const session of sessions) {
    try {
      if (renew(session)) renewed += 1
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      failed.push(error)
    }
  }
  return { renewed, failed }
}
