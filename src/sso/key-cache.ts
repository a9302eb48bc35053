import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { JSONWebKeySet } from 'jose'
import { type Instant, toEpochSeconds } from '../clock.ts'
import type { Issuer } from '../iam/issuer.ts'
import { isJsonObject } from '../iam/json-object.ts'

const MAX_AGE_SECONDS = 600
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants

/** The keys of an issuer as they were fetched. */
export interface FetchedKeys {
  readonly issuer: Issuer
  readonly jwksUri: string
  readonly jwks: JSONWebKeySet
  readonly fetchedAt: Instant
}

/** Never fails: what cannot be read or written is not used. */
export interface KeyCache {
  read(issuer: Issuer, now: Instant): FetchedKeys | null
  write(keys: FetchedKeys): void
}

/** One for the system where root runs us, one of their own for everybody else. */
export function cacheDirectory(isRoot: boolean, home: string, environment: NodeJS.ProcessEnv): string {
  const named = environment.ADMIN_CACHE_DIRECTORY
  if (named) return named
  return isRoot ? '/var/cache/admin' : join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'admin')
}

/**
 * Keeps keys on disk. Whoever can write there decides whose tokens are believed, so the directory and the file must
 * belong to the user who runs us and to nobody else, and neither may be a symbolic link.
 */
export function keyCache(directory: string): KeyCache {
  const fileOf = (issuer: Issuer) =>
    join(directory, `jwks-${createHash('sha256').update(issuer).digest('hex').slice(0, 32)}.json`)
  return {
    read: (issuer, now) => orNull(() => freshKeys(readPrivate(directory, fileOf(issuer)), issuer, now)),
    write: (keys) => {
      orNull(() => writePrivate(directory, fileOf(keys.issuer), JSON.stringify(keys)))
    },
  }
}

function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

function freshKeys(text: string, issuer: Issuer, now: Instant): FetchedKeys | null {
  const keys: unknown = JSON.parse(text)
  if (!isJsonObject(keys) || keys.issuer !== issuer || typeof keys.fetchedAt !== 'string') return null
  const age = toEpochSeconds(now) - toEpochSeconds(keys.fetchedAt as Instant)
  // From the future: the clock was set back, and nobody knows how old this is.
  const isFresh = age >= 0 && age <= MAX_AGE_SECONDS
  return isFresh && isKeySet(keys.jwks) ? (keys as unknown as FetchedKeys) : null
}

/** RFC 7517 §5; an empty set verifies nothing. */
export function isKeySet(value: unknown): value is JSONWebKeySet {
  if (!isJsonObject(value)) return false
  const keys = value.keys
  return Array.isArray(keys) && keys.length > 0 && keys.every(isJsonObject)
}

function readPrivate(directory: string, file: string): string {
  requirePrivate(lstatSync(directory))
  const descriptor = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const stats = fstatSync(descriptor)
    requirePrivate(stats)
    if (!stats.isFile()) throw new Error('not a file')
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}

function writePrivate(directory: string, file: string, text: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  requirePrivate(lstatSync(directory))
  const temporary = `${file}.${randomUUID()}.new`
  try {
    const descriptor = openSync(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)
    try {
      writeFileSync(descriptor, text)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, file)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function requirePrivate(stats: Stats): void {
  if (stats.isSymbolicLink()) throw new Error('a symbolic link')
  if (stats.uid !== process.getuid?.()) throw new Error('owned by somebody else')
  if ((stats.mode & 0o077) !== 0) throw new Error('open to others')
}
