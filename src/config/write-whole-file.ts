import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AdminError } from '../errors.ts'

const DIRECTORY_MODE = 0o755
/** For what its group may read and nobody else. */
const FILE_MODE = 0o640

/**
 * Writes a file that is not there yet, whole or not at all, and the directory around it where that is missing. It is
 * filled under a temporary name and then linked to its own: whatever goes wrong, nobody meets half of it.
 *
 * @throws AdminError REFUSED_FILE_EXISTS, DENIED_FILE, NOT_FOUND_FILE, UNAVAILABLE_OUTPUT
 */
export function writeWholeFile(file: string, text: string, mode = FILE_MODE): void {
  try {
    makeDirectory(dirname(file))
    linkFilled(file, text, mode)
  } catch (error) {
    throw explainWriteFailure(error, file)
  }
}

/**
 * For those who would ask somebody many questions first.
 *
 * @throws AdminError REFUSED_FILE_EXISTS
 */
export function refuseExisting(file: string): void {
  if (existsSync(file)) throw fileExists(file)
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    throw new AdminError('NOT_FOUND_FILE', `there is no directory ${directory}: that is a file`, { cause: error })
  }
}

function linkFilled(file: string, text: string, mode: number): void {
  const temporary = `${file}.${randomUUID()}.new`
  try {
    fill(temporary, text, mode)
    linkSync(temporary, file)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function fill(temporary: string, text: string, mode: number): void {
  const descriptor = openSync(temporary, 'wx', mode)
  try {
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function explainWriteFailure(error: unknown, file: string): unknown {
  const options = { details: { file }, cause: error }
  switch (codeOf(error)) {
    case 'EEXIST':
      return fileExists(file, error)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AdminError('DENIED_FILE', `you may not write ${file}`, options)
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new AdminError('NOT_FOUND_FILE', `there is no directory ${dirname(file)}`, options)
    default:
      return explainDisk(error, file)
  }
}

/** Room and disks, errno(3); what is none of these is a bug. */
const DISK_PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it is larger than a file may be here',
  EIO: 'the disk fails',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this host',
  ENOTSUP: 'its file system knows no hard links',
}

function explainDisk(error: unknown, file: string): unknown {
  const problem = DISK_PROBLEMS[String(codeOf(error))]
  if (problem === undefined) return error
  return new AdminError('UNAVAILABLE_OUTPUT', `${file} cannot be written: ${problem}`, {
    details: { file },
    cause: error,
  })
}

function fileExists(file: string, cause?: unknown): AdminError {
  const message = `${file} exists already and is not overwritten`
  return new AdminError('REFUSED_FILE_EXISTS', message, { details: { file }, cause })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error && !(error instanceof AdminError) ? error.code : undefined
}
