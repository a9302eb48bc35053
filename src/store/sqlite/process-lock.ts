import { closeSync, constants, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AdminError } from '../../errors.ts'
import { errorCode } from './sqlite-errors.ts'

const { O_CREAT, O_NOFOLLOW, O_RDWR } = constants
/** Milliseconds; longer than a call to AWS with all its attempts takes. */
const PATIENCE = 120_000

/**
 * Does the work while no other process that asks for the same file does any. The lock is SQLite's, on an empty database:
 * the kernel lets it go when its holder dies, so none is ever stale.
 *
 * @param file in a directory that is there and that nobody else may write
 * @throws AdminError UNAVAILABLE_LOCK
 */
export async function withProcessLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  closeSync(openSync(file, O_CREAT | O_RDWR | O_NOFOLLOW, 0o600))
  const database = new Database(file, { timeout: PATIENCE })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return await work()
  } catch (error) {
    if (!/^SQLITE_BUSY/.test(errorCode(error) ?? '')) throw error
    throw new AdminError('UNAVAILABLE_LOCK', `another process has held ${file} for ${PATIENCE / 1000} seconds`, {
      cause: error,
    })
  } finally {
    database.close()
  }
}
