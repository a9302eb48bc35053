import type { UserRecord } from '../assignments/assignment-store.ts'
import type { Clock } from '../clock.ts'
import type { AdminError } from '../errors.ts'
import { holdsRole } from './choose-role.ts'
import type { SessionStore } from './end-sessions.ts'
import { isSameStore } from './same-store.ts'
import type { Session, SessionFiles } from './session-files.ts'

/**
 * `live`: its token is good and the role is assigned; `token-expired`: nobody renewed it; `not-assigned`: the person may
 * no longer use the role, or its time has run out; `other-store`: another store than this one assigned it.
 */
export type SessionState = 'live' | 'token-expired' | 'not-assigned' | 'other-store'

export interface ListedSession extends Session {
  readonly state: SessionState
  readonly tokenFile: string
}

export interface ListedSessions {
  readonly sessions: readonly ListedSession[]
  /** Why there may be more of them. */
  readonly unreadable: readonly AdminError[]
}

/** The sessions of this host, each with what the store says of it at this moment. */
export async function listSessions(store: SessionStore, files: SessionFiles, clock: Clock): Promise<ListedSessions> {
  const { sessions, unreadable } = files.list()
  const listed: ListedSession[] = []
  for (const session of sessions) {
    const user = await store.findUser(session.username)
    listed.push({ ...session, tokenFile: files.tokenFile(session), state: stateOf(session, user, store, clock) })
  }
  return { sessions: listed, unreadable }
}

function stateOf(session: Session, user: UserRecord | null, { location }: SessionStore, clock: Clock): SessionState {
  if (!isSameStore(session.store, location)) return 'other-store'
  if (!holdsRole(user, session.roleArn, clock())) return 'not-assigned'
  return session.tokenExpiresAt > clock() ? 'live' : 'token-expired'
}
