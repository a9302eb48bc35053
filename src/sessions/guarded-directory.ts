import { chmodSync, lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { explainFileFailure, isMissing } from '../file-failure.ts'
import { requireOwner, unsafeFile } from '../private-files.ts'

const WRITABLE_BY_OTHERS = 0o022
const STICKY = 0o1000

/**
 * Makes the directory of token files, or mends its mode. Each person may open their own file there by its name, and
 * nobody may list them: 0711 where root keeps it, 0700 for everybody else. What others may have written into is refused,
 * and so is a way to it that others can change.
 *
 * @throws AdminError REFUSED_UNSAFE_FILE, DENIED_FILE, UNAVAILABLE_FILE
 */
export function guardDirectory(path: string): void {
  try {
    makeDirectory(path)
    requireGuarded(path)
    const mode = modeOfDirectory()
    if ((lstatSync(path).mode & 0o777) !== mode) chmodSync(path, mode)
  } catch (error) {
    throw explainFileFailure(error, path)
  }
}

/**
 * That it is ours and that nobody else can have put anything there.
 *
 * @throws AdminError REFUSED_UNSAFE_FILE; what the file system says comes as it is
 */
export function requireGuarded(path: string): void {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) throw unsafeFile(path, 'it is a symbolic link')
  if (!stats.isDirectory()) throw unsafeFile(path, 'it is not a directory')
  requireOwner(path, stats)
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) throw unsafeFile(path, `others may write there (mode ${octal(stats)})`)
  requireTrustedWay(realpathSync(dirname(path)))
}

function makeDirectory(path: string): void {
  try {
    lstatSync(path)
  } catch (error) {
    if (!isMissing(error)) throw error
    makeDirectory(dirname(path))
    requireTrustedWay(realpathSync(dirname(path)))
    makeOne(path)
  }
}

/** Another process may have made it meanwhile; the mode is set anew, whatever the umask took from it. */
function makeOne(path: string): void {
  try {
    mkdirSync(path, { mode: modeOfDirectory() })
    chmodSync(path, modeOfDirectory())
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** Whoever may rename a directory on the way can put another in its place; in one that is sticky only its owner can. */
function requireTrustedWay(directory: string): void {
  const stats = lstatSync(directory)
  const isTrusted = stats.uid === 0 || stats.uid === process.getuid?.()
  if (!isTrusted) throw unsafeFile(directory, `it belongs to uid ${stats.uid}, and token files are to be below it`)
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0 && (stats.mode & STICKY) === 0)
    throw unsafeFile(directory, `others may write there (mode ${octal(stats)}), and token files are to be below it`)
  if (dirname(directory) !== directory) requireTrustedWay(dirname(directory))
}

function modeOfDirectory(): number {
  return process.getuid?.() === 0 ? 0o711 : 0o700
}

function octal({ mode }: Stats): string {
  return (mode & 0o7777).toString(8)
}
