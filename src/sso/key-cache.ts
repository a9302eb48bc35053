import { createHash } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import { type Instant, toEpochSeconds } from '../clock.ts'
import type { Issuer } from '../iam/issuer.ts'
import { isJsonObject } from '../iam/json-object.ts'
import { privateDirectory } from '../private-files.ts'

export { cacheDirectory } from './cache-directory.ts'

const MAX_AGE_SECONDS = 600

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

/**
 * Keeps keys on disk. Whoever can write there decides whose tokens are believed, so the directory and the file must
 * belong to the user who runs us and to nobody else, and neither may be a symbolic link.
 */
export function keyCache(path: string): KeyCache {
  const directory = privateDirectory(path)
  return {
    read: (issuer, now) => orNull(() => freshKeys(directory.read(nameOf(issuer)), issuer, now)),
    write: (keys) => {
      orNull(() => directory.write(nameOf(keys.issuer), JSON.stringify(keys)))
    },
  }
}

function nameOf(issuer: Issuer): string {
  return `jwks-${createHash('sha256').update(issuer).digest('hex').slice(0, 32)}.json`
}

function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

function freshKeys(text: string | null, issuer: Issuer, now: Instant): FetchedKeys | null {
  const keys: unknown = text === null ? null : JSON.parse(text)
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
