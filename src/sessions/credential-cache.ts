import { join } from 'node:path'
import { type Clock, type Instant, toEpochSeconds } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { explainFileFailure } from '../file-failure.ts'
import { isJsonObject } from '../iam/json-object.ts'
import { makePrivate, type PrivateDirectory, privateDirectory } from '../private-files.ts'
import { failureNotes, isFailureNote } from './failure-notes.ts'

/** What is kept ends by itself. */
export interface Expiring {
  readonly expiration: Instant
}

export interface CacheRequest<T extends Expiring> {
  /** What sort of credentials, for the name of the file: `redshift`, `session`. */
  readonly kind: string
  /** Everything on which the answer depends, who asks included. */
  readonly inputs: Readonly<Record<string, unknown>>
  /** Seconds before the end from which on they are fetched anew. */
  readonly margin: number
  /** `null` where that is not what this version keeps. */
  readonly parse: (value: unknown) => T | null
  readonly fetch: () => Promise<T>
}

export interface Cached<T> {
  readonly value: T
  readonly isCached: boolean
}

/** Does the work while no other process does any under that name. */
export type ProcessLock = <T>(file: string, work: () => Promise<T>) => Promise<T>

export interface CredentialCache {
  /** However many ask at once, in however many processes, one of them fetches. */
  readonly get: <T extends Expiring>(request: CacheRequest<T>) => Promise<Cached<T>>
  /** Removes those of a kind whose inputs are like that. */
  readonly forget: (kind: string, isLike: (inputs: Readonly<Record<string, unknown>>) => boolean) => void
}

/**
 * Short-lived credentials of one system user, each in a file that nobody else can read. Those that cannot be kept are given
 * out all the same, with a warning.
 */
export function credentialCache(
  path: string,
  clock: Clock,
  lock: ProcessLock,
  warn: (text: string) => void = () => {},
): CredentialCache {
  const directory = privateDirectory(path)
  return {
    get: async (request) => {
      const name = fileName(request)
      const kept = readExplained(directory, name, request, clock)
      if (kept !== null) return { value: kept, isCached: true }
      makeExplained(path)
      const failures = failureNotes(directory, name, request.inputs)
      return lock(join(path, lockName(name)), async () => {
        const meanwhile = read(directory, name, request, clock)
        if (meanwhile !== null) return { value: meanwhile, isCached: true }
        const value = await failures.shared(request.fetch)
        keep(directory, name, { ...request, value }, clock, warn)
        return { value, isCached: false }
      })
    },
    forget: (kind, isLike) => {
      for (const name of entriesOf(directory, kind)) {
        const inputs = inputsOf(readEntry(directory, name))
        if (inputs === null || isLike(inputs)) directory.remove(name)
      }
    },
  }
}

function readExplained<T extends Expiring>(
  directory: PrivateDirectory,
  name: string,
  request: CacheRequest<T>,
  clock: Clock,
): T | null {
  try {
    return read(directory, name, request, clock)
  } catch (error) {
    throw explainFileFailure(error, directory.path)
  }
}

function makeExplained(path: string): void {
  try {
    makePrivate(path)
  } catch (error) {
    throw explainFileFailure(error, path)
  }
}

/** Seconds after which nobody is still writing a file. */
const LONGEST_WRITE = 300

function keep<T extends Expiring>(
  directory: PrivateDirectory,
  name: string,
  { kind, inputs, value }: CacheRequest<T> & { readonly value: T },
  clock: Clock,
  warn: (text: string) => void,
): void {
  try {
    directory.sweep(LONGEST_WRITE, isFailureNote)
    directory.write(name, JSON.stringify({ inputs, value }))
    removeEnded(directory, kind, clock)
  } catch (error) {
    const problem = explainFileFailure(error, join(directory.path, name))
    warn(`these credentials could not be kept, and the next run asks for others\n${messageOf(problem)}`)
  }
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem)
}

function fileName({ kind, inputs }: Pick<CacheRequest<Expiring>, 'kind' | 'inputs'>): string {
  return `${kind}-${shortHash(canonical(inputs), FIRST)}${shortHash(canonical(inputs), SECOND)}.json`
}

/** Two bases, for 64 bits (FNV-1a, draft-eastlake-fnv). */
const [FIRST, SECOND] = [0x811c9dc5, 0x3d4d51cb]

/**
 * It only spreads: inputs that share a name are told apart by what stands in the file, and at worst take its place from
 * each other. node:crypto would take a tenth of a run from the cache.
 */
function shortHash(text: string, basis: number): string {
  let hash = basis
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** One of 256 for each kind, so that none need ever be removed: a lock that is taken away while it is held locks nothing. */
function lockName(name: string): string {
  return name.replace(/-([0-9a-f]{2})[0-9a-f]*\.json$/, '-$1.lock')
}

function entriesOf(directory: PrivateDirectory, kind: string): readonly string[] {
  return directory.names().filter((file) => file.startsWith(`${kind}-`) && file.endsWith('.json'))
}

/** Whoever is renewed has another name than before: the old ones would lie there for ever. */
function removeEnded(directory: PrivateDirectory, kind: string, clock: Clock): void {
  const now = clock()
  for (const name of entriesOf(directory, kind)) {
    const entry = readEntry(directory, name)
    const value = isJsonObject(entry) && isJsonObject(entry.value) ? entry.value : {}
    if (!(typeof value.expiration === 'string' && value.expiration > now)) directory.remove(name)
  }
}

function canonical(inputs: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(inputs).filter(([, value]) => value !== undefined)
  return JSON.stringify(given.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function read<T extends Expiring>(
  directory: PrivateDirectory,
  name: string,
  { inputs, margin, parse }: CacheRequest<T>,
  clock: Clock,
): T | null {
  const entry = readEntry(directory, name)
  const known = inputsOf(entry)
  if (!isJsonObject(entry) || known === null || canonical(known) !== canonical(inputs)) return null
  const value = parse(entry.value)
  return value !== null && toEpochSeconds(value.expiration) - toEpochSeconds(clock()) > margin ? value : null
}

function inputsOf(entry: unknown): Readonly<Record<string, unknown>> | null {
  return isJsonObject(entry) && isJsonObject(entry.inputs) ? entry.inputs : null
}

/** What cannot be trusted or understood is as if it were not there: it is fetched again, and written over. */
function readEntry(directory: PrivateDirectory, name: string): unknown {
  try {
    return JSON.parse(directory.read(name) ?? 'null')
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof AdminError && error.code === 'REFUSED_UNSAFE_FILE'))
      return null
    throw error
  }
}
