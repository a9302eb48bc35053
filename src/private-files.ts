import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { AdminError } from './errors.ts'
import { codeOf, explainFileFailure, isMissing } from './file-failure.ts'
import { shellQuote } from './iam/quote.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
const OPEN_TO_OTHERS = 0o077
/** What a writer has not put into its place yet. */
export const UNFINISHED = /^\..*\.new$/

/**
 * A directory that only the user who runs us can look into (0700), and the files in it (0600). What belongs to somebody
 * else, or is a symbolic link, is neither read nor followed nor replaced.
 */
export interface PrivateDirectory {
  readonly path: string
  /**
   * `null` where there is no such file.
   *
   * @throws AdminError REFUSED_UNSAFE_FILE where others may have written or read it; DENIED_FILE, UNAVAILABLE_FILE
   */
  readonly read: (name: string) => string | null
  /** Whole or not at all, whatever happens meanwhile; nobody else can read it at any moment. */
  readonly write: (name: string, text: string) => void
  readonly remove: (name: string) => void
  /** Those of the files that are complete. */
  readonly names: () => readonly string[]
  /**
   * Removes what writers left that were killed, and the complete files that are meant; nothing that is younger than so
   * many seconds: others may be writing.
   */
  readonly sweep: (seconds: number, isMeant: (name: string) => boolean) => void
}

/** Nothing is made before something is written. */
export function privateDirectory(path: string): PrivateDirectory {
  return {
    path,
    read: (name) => explaining(join(path, name), () => readPrivate(path, name)),
    write: (name, text) => explaining(join(path, name), () => writePrivate(path, name, text)),
    remove: (name) => explaining(join(path, name), () => rmSync(join(path, name), { force: true })),
    names: () => explaining(path, () => namesIn(path)),
    sweep: (seconds, isMeant) => explaining(path, () => sweep(path, Date.now() - seconds * 1000, isMeant)),
  }
}

/**
 * Makes it where it is missing. One that is open to others stays as it is: who knows what else it is for.
 *
 * @throws AdminError REFUSED_UNSAFE_FILE, DENIED_FILE, UNAVAILABLE_FILE
 */
export function makePrivate(path: string): void {
  explaining(path, () => {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    requirePrivate(path, lstatSync(path))
  })
}

/**
 * A file of ours in a directory that others may look into, but not write. `null` where there is none.
 *
 * @throws AdminError REFUSED_UNSAFE_FILE where others may have written or read it
 */
export function readPrivateFile(file: string): string | null {
  return whereThere(file, () => {
    requireClosed(dirname(file))
    return readFile(file)
  })
}

/**
 * The text of a file of ours, in a directory that was looked at; `null` where there is none.
 *
 * @throws AdminError REFUSED_UNSAFE_FILE where others may have written or read it
 */
export function readOwn(file: string): string | null {
  return whereThere(file, () => readFile(file))
}

/**
 * Makes a file in such a directory, and that where it is missing. It appears whole under its name.
 *
 * @returns false where there was something before: that stays
 * @throws AdminError REFUSED_UNSAFE_FILE
 */
export function makePrivateFile(file: string, text: string): boolean {
  const directory = dirname(file)
  explaining(directory, () => {
    mkdirSync(directory, { recursive: true, mode: 0o755 })
    requireClosed(directory)
  })
  const temporary = `${file}.${unique()}.new`
  try {
    fill(temporary, text)
    linkSync(temporary, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw explainFileFailure(error, file)
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * Makes a file that only the user who runs us can read, and no other process can have opened before.
 *
 * @param give it away, when it is complete
 */
export function fill(file: string, text: string, give: (descriptor: number) => void = () => {}): void {
  const descriptor = openSync(file, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)
  try {
    writeFileSync(descriptor, text)
    // Whatever the umask took from it.
    fchmodSync(descriptor, 0o600)
    fsyncSync(descriptor)
    give(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** @throws AdminError REFUSED_UNSAFE_FILE */
export function requireOwner(path: string, { uid }: Stats, expected = process.getuid?.() ?? 0): void {
  if (uid !== expected) throw unsafeFile(path, `it belongs to uid ${uid}, expected ${expected}`)
}

/** What is not used, and why. */
export function unsafeFile(
  path: string,
  problem: string,
  advice = 'look who put it there, then remove it',
): AdminError {
  return new AdminError('REFUSED_UNSAFE_FILE', `${path} is not used: ${problem}\n${advice}`, {
    details: { file: path },
  })
}

function whereThere(file: string, read: () => string): string | null {
  try {
    return read()
  } catch (error) {
    if (isMissing(error)) return null
    throw explainFileFailure(error, file)
  }
}

function explaining<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw explainFileFailure(error, file)
  }
}

function readPrivate(directory: string, name: string): string | null {
  try {
    requirePrivate(directory, lstatSync(directory))
    return readFile(join(directory, name))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function readFile(file: string): string {
  try {
    const descriptor = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      const stats = fstatSync(descriptor)
      requirePrivate(file, stats)
      if (!stats.isFile()) throw unsafeFile(file, 'it is not a file')
      return readFileSync(descriptor, 'utf8')
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw unsafeFile(file, 'it is a symbolic link')
    throw error
  }
}

function writePrivate(directory: string, name: string, text: string): void {
  makePrivate(directory)
  const temporary = join(directory, `.${name}.${unique()}.new`)
  try {
    fill(temporary, text)
    renameSync(temporary, join(directory, name))
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Among those who write at this moment; node:crypto would take a tenth of a run that only reads. */
function unique(): string {
  return `${process.pid}-${process.hrtime.bigint()}`
}

function namesIn(directory: string): readonly string[] {
  try {
    requirePrivate(directory, lstatSync(directory))
    return readdirSync(directory).filter((name) => !name.startsWith('.'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

function sweep(directory: string, before: number, isMeant: (name: string) => boolean): void {
  for (const name of readdirSync(directory).filter((one) => UNFINISHED.test(one) || isMeant(one))) {
    const file = join(directory, name)
    const { mtimeMs = before } = lstatSync(file, { throwIfNoEntry: false }) ?? {}
    if (mtimeMs < before) rmSync(file, { force: true })
  }
}

/** Whoever may write a directory puts there what they like. */
function requireClosed(directory: string): void {
  const { uid, mode } = statSync(directory)
  const us = process.getuid?.()
  if (uid !== us && uid !== 0) throw unsafeFile(directory, `it belongs to uid ${uid}, expected ${us} or root`)
  if ((mode & 0o022) !== 0) throw unsafeFile(directory, `others may write it (mode ${(mode & 0o777).toString(8)})`)
}

function requirePrivate(path: string, stats: Stats): void {
  if (stats.isSymbolicLink()) throw unsafeFile(path, 'it is a symbolic link')
  requireOwner(path, stats)
  if ((stats.mode & OPEN_TO_OTHERS) === 0) return
  const problem = `others may use it (mode ${(stats.mode & 0o777).toString(8)})`
  throw unsafeFile(path, problem, `if what it holds is yours all the same: chmod go-rwx ${shellQuote(path)}`)
}
