import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { explainFileFailure, isMissing } from '../file-failure.ts'
import { requireOwner, unsafeFile } from './guarded-directory.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
const OPEN_TO_OTHERS = 0o077
const UNFINISHED = /^\..*\.new$/

/** A user of the system, by numbers. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/**
 * Writes a file that its owner alone can read (0600), whole or not at all: it is filled under another name, given away
 * when it is complete, and then put in its place. The directory must be guarded.
 *
 * @throws AdminError REFUSED_UNSAFE_FILE where something stands in its place that is not ours or theirs; DENIED_FILE,
 * UNAVAILABLE_FILE
 */
export function writeOwned(file: string, text: string, owner: Owner): void {
  const temporary = join(dirname(file), `.${randomUUID()}.new`)
  try {
    requireReplaceable(file, owner)
    fill(temporary, text, owner)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw explainFileFailure(error, file)
  }
}

/**
 * The text of a file of ours; `null` where there is none.
 *
 * @throws AdminError REFUSED_UNSAFE_FILE where others may have written or read it
 */
export function readOwn(file: string): string | null {
  try {
    const descriptor = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      const stats = fstatSync(descriptor)
      if (!stats.isFile()) throw unsafeFile(file, 'it is not a file')
      requireOwner(file, stats)
      if ((stats.mode & OPEN_TO_OTHERS) !== 0) throw unsafeFile(file, 'others may use it')
      return readFileSync(descriptor, 'utf8')
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw explainFileFailure(error, file)
  }
}

export function isFileThere(file: string): boolean {
  return statsOf(file)?.isFile() === true
}

/** What writers left that were killed. Only while nobody writes. */
export function sweepUnfinished(directory: string): void {
  for (const name of readdirSync(directory).filter((one) => UNFINISHED.test(one)))
    rmSync(join(directory, name), { force: true })
}

function requireReplaceable(file: string, owner: Owner): void {
  const stats = statsOf(file)
  if (stats === null) return
  if (stats.isSymbolicLink()) throw unsafeFile(file, 'it is a symbolic link')
  if (!stats.isFile()) throw unsafeFile(file, 'it is not a file')
  if (stats.uid !== process.getuid?.()) requireOwner(file, stats, owner.uid)
}

function fill(temporary: string, text: string, { uid, gid }: Owner): void {
  const descriptor = openSync(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)
  try {
    writeFileSync(descriptor, text)
    fchmodSync(descriptor, 0o600)
    fsyncSync(descriptor)
    if (uid !== process.getuid?.()) fchownSync(descriptor, uid, gid)
  } finally {
    closeSync(descriptor)
  }
}

function statsOf(file: string): Stats | null {
  try {
    return lstatSync(file)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
