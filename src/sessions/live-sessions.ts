import type { Username } from '../assignments/username.ts'
import type { Clock } from '../clock.ts'
import { combined } from '../errors.ts'
import type { LiveSessions } from '../sso/live-sessions.ts'
import { holdsRole } from './choose-role.ts'
import { defaultSessionName } from './default-session-name.ts'
import type { SessionStore } from './end-sessions.ts'
import { endOfToken } from './id-token.ts'
import { isSameStore } from './same-store.ts'
import type { SessionFiles } from './session-files.ts'

/** The sessions of this host as a login or a refresh sees them. Those whose role is lost are ended, not renewed. */
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
  let replaced = 0
  for (const session of sessions.filter((one) => one.username === username && isSameStore(one.store, store.location))) {
    if (holdsRole(user, session.roleArn, clock())) {
      files.put({ ...session, roleSessionName, tokenExpiresAt: endOfToken(token) }, token)
      replaced += 1
    } else files.end(session)
  }
  // One of them may have been theirs.
  if (unreadable.length > 0) throw combined(unreadable)
  return replaced
}
