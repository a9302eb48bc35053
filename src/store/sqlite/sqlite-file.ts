import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode } from './sqlite-errors.ts'

const DIRECTORY_MODE = 0o750
const FILE_MODE = 0o640

/**
 * Brings a database file into the world whole: it is filled under a temporary name and then linked to its own, so that
 * nobody ever sees it half made, with another mode, or twice. Answers false where another process was faster: its file
 * stays.
 */
export function createDatabaseFile(path: string, fill: (temporary: string) => void, mode = FILE_MODE): boolean {
  const temporary = `${path}.${process.pid}-${randomUUID()}.new`
  try {
    withUmask(() => closeSync(openSync(temporary, 'wx', mode)))
    fill(temporary)
    syncFile(temporary)
    linkSync(temporary, path)
    syncFile(dirname(path))
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    return false
  } finally {
    removeWithCompanions(temporary)
  }
}

/**
 * Makes the directory of a store, and those above it, where they are missing. One by one: `mkdir` with `recursive` never
 * ends in /proc, which says of every directory that it is missing and lets nobody make one (Node.js 26).
 */
export function createStoreDirectory(path: string): void {
  const missing: string[] = []
  for (let directory = dirname(path); !existsSync(directory); directory = dirname(directory)) missing.unshift(directory)
  for (const directory of missing) makeDirectory(directory)
}

/** Another process may be faster. */
function makeDirectory(directory: string): void {
  try {
    withUmask(() => mkdirSync(directory, { mode: DIRECTORY_MODE }))
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/**
 * Removes what processes that were killed while creating this file left behind; that may be a second name of the very
 * file, which SQLite must not meet ("How To Corrupt An SQLite Database File", §2.5).
 */
export function removeAbandonedFiles(path: string): void {
  const prefix = `${basename(path)}.`
  for (const name of readdirSync(dirname(path))) {
    const pid = name.startsWith(prefix) ? /^(\d+)-[0-9a-f-]{36}\.new$/.exec(name.slice(prefix.length))?.[1] : undefined
    if (pid !== undefined && !isAlive(Number(pid))) removeWithCompanions(join(dirname(path), name))
  }
}

/**
 * Puts empty `-wal` and `-shm` files beside a database that its last writer has closed. A person who may read the file
 * but not write the directory can then still open it: SQLite needs both files to exist ("Write-Ahead Logging", §9
 * Read-Only Databases) and removes them with the last connection.
 */
export function leaveReadable(path: string): void {
  for (const companion of [`${path}-wal`, `${path}-shm`]) {
    try {
      createLike(path, companion)
    } catch {
      // Somebody else has made it, or it cannot be: what was written is written, and readers are told what they lack.
    }
  }
}

/** By its descriptor, so that nobody can put another file in its place between making it and giving it away. */
function createLike(path: string, companion: string): void {
  const { mode, uid, gid } = statSync(path)
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
  const descriptor = withUmask(() => openSync(companion, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode & 0o777))
  try {
    if (process.getuid?.() === 0) fchownSync(descriptor, uid, gid)
  } finally {
    closeSync(descriptor)
  }
}

function withUmask<T>(work: () => T): T {
  const previous = process.umask(0)
  try {
    return work()
  } finally {
    process.umask(previous)
  }
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function removeWithCompanions(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
