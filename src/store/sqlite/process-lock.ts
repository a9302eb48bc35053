import { closeSync, constants, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AdminError } from '../../errors.ts'
import { errorCode } from './sqlite-errors.ts'

const { O_CREAT, O_NOFOLLOW, O_RDWR } = constants
/** Milliseconds; longer than a call to AWS with all its attempts takes. */
const PATIENCE = 120_000

/** The last in line for each file. SQLite waits without letting anything else go on, its holder in this process included. */
const lines = new Map<string, Promise<unknown>>()

/**
 * Does the work while nobody else who asks for the same file does any, in this process or another. The lock is SQLite's,
 * on an empty database: the kernel lets it go when its holder dies, so none is ever stale.
 *
 * @param file in a directory that is there and that nobody else may write
 * @throws AdminError UNAVAILABLE_LOCK
 */
export async function withProcessLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = lines.get(file) ?? Promise.resolve()
  const turn = before.then(() => locked(file, work))
  const ended = turn.catch(() => {})
  lines.set(file, ended)
  try {
    return await turn
  } finally {
    if (lines.get(file) === ended) lines.delete(file)
  }
}

async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  closeSync(openSync(file, O_CREAT | O_RDWR | O_NOFOLLOW, 0o600))
  const database = new Database(file, { timeout: PATIENCE })
  try {
    begin(database, file)
    return await work()
  } finally {
    database.close()
  }
}

function begin(database: Database.Database, file: string): void {
  try {
    // Nothing is written, so a full disk is no obstacle to those who want to remove something.
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    if (!/^SQLITE_BUSY/.test(errorCode(error) ?? '')) throw error
    throw new AdminError('UNAVAILABLE_LOCK', `another process has held ${file} for ${PATIENCE / 1000} seconds`, {
      cause: error,
    })
  }
}
