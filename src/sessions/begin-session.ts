import type { Clock, Instant } from '../clock.ts'
import { type ChosenRole, chooseRole, type RoleRequest } from './choose-role.ts'
import type { SessionStore } from './end-sessions.ts'
import { endOfToken, subjectOfToken } from './id-token.ts'
import type { Owner } from './owned-file.ts'
import { isSameStore } from './same-store.ts'
import type { Session, SessionFiles } from './session-files.ts'

export interface BeginSessionRequest extends Omit<RoleRequest, 'now' | 'command'> {
  readonly clock: Clock
  /** The user of the system to whom the token file belongs. */
  readonly owner: Owner
  /** An ID token of the person. May change what they may use. */
  readonly idToken: (chosen: ChosenRole) => Promise<string>
}

export interface BegunSession {
  readonly session: Session
  readonly tokenFile: string
}

/**
 * Gives a session what it needs to assume a role: a file with an ID token that only its user can read. Whether they may
 * use the role is judged first, and again when nobody else can begin or end a session: a role that is taken away at that
 * moment is either refused here, or its session is seen and ended by whoever took it away.
 *
 * @throws AdminError as {@link chooseRole}, REFUSED_UNSAFE_FILE, DENIED_FILE, UNAVAILABLE_FILE
 */
export async function beginSession(
  store: SessionStore,
  files: SessionFiles,
  request: BeginSessionRequest,
): Promise<BegunSession> {
  const { clock, owner } = request
  const choose = () => chooseRole(store, { ...request, command: 'env', now: clock() })
  const token = await request.idToken(await choose())
  return files.exclusively(async () => {
    const { username, roleArn, roleSessionName } = await choose()
    const known = files.list().sessions.find((one) => one.username === username && one.roleArn === roleArn)
    const now = clock()
    const [tokenExpiresAt, subject] = [endOfToken(token), subjectOfToken(token)]
    if (known !== undefined && isBetter(known, { tokenExpiresAt, subject, now, owner, store: store.location }))
      return { session: { ...known, roleSessionName }, tokenFile: files.tokenFile(known) }
    const session: Session = {
      username,
      roleArn,
      roleSessionName,
      subject,
      since: known?.since ?? now,
      tokenExpiresAt,
      store: store.location,
      uid: owner.uid,
      gid: owner.gid,
    }
    files.put(session, token)
    return { session, tokenFile: files.tokenFile(session) }
  })
}

interface NewToken extends Pick<Session, 'tokenExpiresAt' | 'subject'> {
  readonly now: Instant
  readonly owner: Owner
  readonly store: string
}

/** A token that is good for longer is not given up for another of the same person. */
function isBetter(known: Session, { tokenExpiresAt, subject, now, owner, store }: NewToken): boolean {
  const isTheirs = known.uid === owner.uid && known.subject === subject && isSameStore(known.store, store)
  return isTheirs && known.tokenExpiresAt > now && known.tokenExpiresAt > tokenExpiresAt
}
