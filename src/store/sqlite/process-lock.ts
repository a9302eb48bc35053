import { closeSync, constants, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AdminError } from '../../errors.ts'
import { explainFileFailure } from '../../file-failure.ts'
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
 * @throws AdminError UNAVAILABLE_LOCK; REFUSED_UNSAFE_FILE where the file is something else; DENIED_FILE, UNAVAILABLE_FILE
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
  makeFile(file)
  const database = new Database(file, { timeout: PATIENCE })
  try {
    begin(database, file)
    return await work()
  } finally {
    database.close()
  }
}

function makeFile(file: string): void {
  try {
    closeSync(openSync(file, O_CREAT | O_RDWR | O_NOFOLLOW, 0o600))
  } catch (error) {
    throw explainFileFailure(error, file)
  }
}

function begin(database: Database.Database, file: string): void {
  try {
    // Nothing is written, so a full disk is no obstacle to those who want to remove something.
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    throw explainLockFailure(error, file)
  }
}

function explainLockFailure(error: unknown, file: string): unknown {
  const code = errorCode(error) ?? ''
  const options = { details: { file }, cause: error }
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) {
    const problem = 'it is no lock of ours, but holds something else'
    return new AdminError(
      'REFUSED_UNSAFE_FILE',
      `${file} is not used: ${problem}\nlook who put it there, then remove it`,
      options,
    )
  }
  if (!/^SQLITE_BUSY/.test(code)) return error
  const held = `another process has held ${file} for ${PATIENCE / 1000} seconds`
  return new AdminError('UNAVAILABLE_LOCK', held, options)
}
