import type { AssignmentReader, UserRecord } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import type { Clock } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import { holdsRole } from './choose-role.ts'
import type { CredentialCache } from './credential-cache.ts'
import { isSameStore } from './same-store.ts'
import { type CacheInputs, SESSION_KIND } from './session-credentials.ts'
import { mayBeOf, type Session, type SessionFiles } from './session-files.ts'

/** Where sessions leave something on this host. */
export interface SessionPlaces {
  readonly files: SessionFiles
  readonly cache: CredentialCache
}

/** Where sessions are judged by. */
export interface SessionStore extends AssignmentReader {
  readonly location: string
}

export interface EndedSessions {
  readonly ended: readonly EndedSession[]
  /** Why there may still be some. */
  readonly failed: readonly AdminError[]
}

export interface EndedSession {
  readonly username: Username
  readonly roleArn: RoleArn
}

/**
 * Ends the sessions of these people, or of everybody, whose role they may no longer use or whose name is another's now, and forgets the credentials that
 * were kept for them. Never throws: what could not be ended is told.
 */
export async function endLostSessions(
  { files, cache }: SessionPlaces,
  store: SessionStore,
  people: ReadonlySet<string> | null,
  clock: Clock,
): Promise<EndedSessions> {
  const records = new Map<string, UserRecord | null>()
  const isLost: Judge = async (username, roleArn, subject) => {
    if (people !== null && !people.has(username)) return false
    if (!records.has(username)) records.set(username, await store.findUser(username))
    const user = records.get(username) ?? null
    return isOfAnother(user, subject) || !holdsRole(user, roleArn, clock())
  }
  const failed: AdminError[] = []
  await collecting(failed, () => forgetLost(cache, isLost))
  const isOurs = (session: Session) => isSameStore(session.store, store.location)
  const isLostHere = async (session: Session) =>
    isOurs(session) && isLost(session.username, session.roleArn, session.subject)
  const mayMatter = (problem: AdminError) => people === null || [...people].some((name) => mayBeOf(name, problem))
  const ended = await collecting(failed, () => endThose(files, isLostHere, mayMatter, failed))
  return { ended: ended ?? [], failed }
}

/**
 * Ends the session of a person with one role, or all of theirs. Doing it twice is fine. Never throws: what could not be
 * ended is told.
 */
export async function endSessions(
  { files, cache }: SessionPlaces,
  username: Username,
  roleArn: RoleArn | null,
): Promise<EndedSessions> {
  const isMeant = async (name: Username, arn: string) => name === username && (roleArn === null || arn === roleArn)
  const failed: AdminError[] = []
  await collecting(failed, () => forgetLost(cache, isMeant))
  const mayMatter = (problem: AdminError) => mayBeOf(username, problem)
  const isTheirs = async (session: Session) => session.username === username
  const ended = await collecting(failed, () =>
    roleArn === null ? endThose(files, isTheirs, mayMatter, failed) : endOne(files, { username, roleArn }),
  )
  return { ended: ended ?? [], failed }
}

/** By its name: also where its note cannot be read. */
async function endOne(files: SessionFiles, session: EndedSession): Promise<readonly EndedSession[]> {
  if (!files.isThere()) return []
  return files.exclusively(async () => {
    const isLive = files.hasToken(session)
    files.end(session)
    return isLive ? [session] : []
  })
}

/** @param subject of whom they are; `null` where nobody knows */
type Judge = (username: Username, roleArn: string, subject: string | null) => Promise<boolean>

/** Names are given away again, subjects are not. */
function isOfAnother(user: UserRecord | null, subject: string | null): boolean {
  const login = user?.login ?? null
  return login !== null && subject !== null && login.subject !== subject
}

async function endThose(
  files: SessionFiles,
  isMeant: (session: Session) => Promise<boolean>,
  mayMatter: (problem: AdminError) => boolean,
  failed: AdminError[],
): Promise<readonly EndedSession[]> {
  if (!files.isThere()) return []
  return files.exclusively(async () => {
    const { sessions, unreadable } = files.list()
    failed.push(...unreadable.filter(mayMatter))
    const ended: Session[] = []
    for (const session of sessions) {
      if (!(await isMeant(session))) continue
      await collecting(failed, async () => {
        files.end(session)
        ended.push(session)
      })
    }
    return ended.map(({ username, roleArn }) => ({ username, roleArn }))
  })
}

/** In two passes: which are kept, and, when it is known whose role is lost, which go. */
async function forgetLost(cache: CredentialCache, isMeant: Judge): Promise<void> {
  const kept: CacheInputs[] = []
  cache.forget(SESSION_KIND, (inputs) => {
    kept.push(inputs as unknown as CacheInputs)
    return false
  })
  const lost = new Set<string>()
  for (const inputs of kept)
    if (await isMeant(inputs.username, inputs.roleArn, inputs.subject)) lost.add(keyOf({ ...inputs }))
  if (lost.size > 0) cache.forget(SESSION_KIND, (inputs) => lost.has(keyOf(inputs)))
}

function keyOf({ username, roleArn, subject }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([username, roleArn, subject])
}

async function collecting<T>(failed: AdminError[], work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    failed.push(toAdminError(error))
    return null
  }
}

function toAdminError(error: unknown): AdminError {
  if (error instanceof AdminError) return error
  const problem = error instanceof Error ? error.message : String(error)
  return new AdminError('UNAVAILABLE_FILE', `sessions could not be looked at: ${quote(problem)}`, { cause: error })
}
