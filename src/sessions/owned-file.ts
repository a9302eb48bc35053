import { randomUUID } from 'node:crypto'
import { fchownSync, lstatSync, readdirSync, renameSync, rmSync, type Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { explainFileFailure, isMissing } from '../file-failure.ts'
import { fill, requireOwner, UNFINISHED, unsafeFile } from '../private-files.ts'

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
    fill(temporary, text, (descriptor) => giveAway(descriptor, owner))
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
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

function giveAway(descriptor: number, { uid, gid }: Owner): void {
  if (uid !== process.getuid?.()) fchownSync(descriptor, uid, gid)
}

function statsOf(file: string): Stats | null {
  try {
    return lstatSync(file)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
