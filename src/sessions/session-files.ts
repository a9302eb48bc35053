import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { explainFileFailure, isMissing } from '../file-failure.ts'
import { isJsonObject, type JsonObject } from '../iam/json-object.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import type { RoleSessionName } from '../iam/role-session-name.ts'
import { readOwn } from '../private-files.ts'
import type { ProcessLock } from './credential-cache.ts'
import { guardDirectory, requireGuarded } from './guarded-directory.ts'
import { isFileThere, type Owner, sweepUnfinished, writeOwned } from './owned-file.ts'

/** What is known of a session; its token is in a file of its own. */
export interface Session extends Owner {
  readonly username: Username
  readonly roleArn: RoleArn
  readonly roleSessionName: RoleSessionName
  /** Whose token it has: the `sub` claim. */
  readonly subject: string
  readonly since: Instant
  readonly tokenExpiresAt: Instant
  /** The store that assigned the role, by its location. */
  readonly store: string
}

export interface SessionListing {
  /** Sorted by name and role. */
  readonly sessions: readonly Session[]
  /** Why there may be more of them. */
  readonly unreadable: readonly AdminError[]
}

/** The token files of this host. Beside each stands what is known of it, for us alone. */
export interface SessionFiles {
  readonly path: string
  readonly isThere: () => boolean
  /**
   * Nobody else begins, renews or ends a session meanwhile, in whatever process. Makes the directory.
   *
   * @throws AdminError REFUSED_UNSAFE_FILE, DENIED_FILE, UNAVAILABLE_FILE, UNAVAILABLE_LOCK
   */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** @throws AdminError REFUSED_UNSAFE_FILE, DENIED_FILE */
  readonly list: () => SessionListing
  readonly tokenFile: (session: Pick<Session, 'username' | 'roleArn'>) => string
  readonly hasToken: (session: Pick<Session, 'username' | 'roleArn'>) => boolean
  /** Begins the session, or gives it a new token. Only {@link exclusively}. */
  readonly put: (session: Session, token: string) => void
  /** Only {@link exclusively}. */
  readonly end: (session: Pick<Session, 'username' | 'roleArn'>) => void
}

type Named = Pick<Session, 'username' | 'roleArn'>

/** Of a file name: 160 bits of a digest of name and role, behind what is readable of the name. */
const DIGEST = 40
const READABLE = 40
const NOTE = new RegExp(`-[0-9a-f]{${DIGEST}}\\.json$`)

export function sessionFiles(path: string, lock: ProcessLock): SessionFiles {
  const [tokenFile, noteFile] = ['jwt', 'json'].map(
    (extension) => (session: Named) => join(path, `${fileName(session)}.${extension}`),
  ) as [(session: Named) => string, (session: Named) => string]
  return {
    path,
    isThere: () => existsSync(path),
    exclusively: (work) => exclusively(path, lock, work),
    list: () => list(path),
    tokenFile,
    hasToken: (session) => isFileThere(tokenFile(session)),
    put: (session, token) => put(noteFile(session), tokenFile(session), session, token),
    end: (session) => end(noteFile(session), tokenFile(session)),
  }
}

async function exclusively<T>(path: string, lock: ProcessLock, work: () => Promise<T>): Promise<T> {
  guardDirectory(path)
  const file = join(path, '.lock')
  let isReady = false
  try {
    return await lock(file, () => {
      sweepUnfinished(path)
      isReady = true
      return work()
    })
  } catch (error) {
    // What the work throws is for whoever asked for it.
    throw isReady ? error : explainFileFailure(error, file)
  }
}

/** A token that nobody knows of could not be ended, so there is never one without its note. */
function put(noteFile: string, tokenFile: string, session: Session, token: string): void {
  const ours = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const writeNote = () => writeOwned(noteFile, JSON.stringify(session), ours)
  if (isFileThere(noteFile) && isFileThere(tokenFile)) {
    writeOwned(tokenFile, token, session)
    writeNote()
    return
  }
  writeNote()
  try {
    writeOwned(tokenFile, token, session)
  } catch (error) {
    rmSync(noteFile, { force: true })
    throw error
  }
}

function end(noteFile: string, tokenFile: string): void {
  try {
    rmSync(tokenFile, { force: true })
    rmSync(noteFile, { force: true })
  } catch (error) {
    throw explainFileFailure(error, tokenFile)
  }
}

function list(path: string): SessionListing {
  const sessions: Session[] = []
  const unreadable: AdminError[] = []
  for (const name of noteNames(path)) {
    try {
      const session = readNote(path, name)
      if (session !== null) sessions.push(session)
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      unreadable.push(error)
    }
  }
  const key = ({ username, roleArn }: Session) => `${username}\0${roleArn}`
  return { sessions: sessions.toSorted((one, other) => (key(one) < key(other) ? -1 : 1)), unreadable }
}

function noteNames(path: string): readonly string[] {
  try {
    requireGuarded(path)
    return readdirSync(path).filter((name) => /^[^.].*\.json$/.test(name))
  } catch (error) {
    if (isMissing(error)) return []
    throw explainFileFailure(error, path)
  }
}

/** `null` for one that has ended meanwhile, or that never came to have its token. */
function readNote(path: string, name: string): Session | null {
  const file = join(path, name)
  const text = readOwn(file)
  if (text === null || !isFileThere(file.replace(/json$/, 'jwt'))) return null
  const session = parseNote(text)
  if (session !== null && `${fileName(session)}.json` === name) return session
  throw new AdminError('REFUSED_UNSAFE_FILE', `${file} is not a note of ours on a session`, { details: { file } })
}

function parseNote(text: string): Session | null {
  const note = parseJson(text)
  const texts = ['username', 'roleArn', 'roleSessionName', 'subject', 'since', 'tokenExpiresAt', 'store']
  const numbers = ['uid', 'gid']
  const isNote =
    note !== null &&
    texts.every((name) => typeof note[name] === 'string') &&
    numbers.every((name) => Number.isInteger(note[name]))
  return isNote ? (note as unknown as Session) : null
}

function parseJson(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}

/** Whether what cannot be read may be of that person: by its name, which begins with theirs where the note is ours. */
export function mayBeOf(username: string, { details }: AdminError): boolean {
  const name = typeof details.file === 'string' ? basename(details.file) : ''
  return !name.endsWith('.json') || (name.startsWith(`${readable(username)}-`) && NOTE.test(name))
}

function fileName({ username, roleArn }: Named): string {
  const digest = createHash('sha256').update(`${username}\0${roleArn}`).digest('hex')
  return `${readable(username)}-${digest.slice(0, DIGEST)}`
}

function readable(username: string): string {
  return username
    .replace(/[^\w@.+=-]+/g, '-')
    .replace(/^\./, '-')
    .slice(0, READABLE)
}
