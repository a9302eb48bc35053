import { accessSync, constants, existsSync, type Stats, statSync } from 'node:fs'
import { AdminError } from '../../errors.ts'
import { errorCode } from './sqlite-errors.ts'

/** In bytes; SQLite takes what is shorter for an empty file (https://sqlite.org/fileformat2.html, §1.3). */
const HEADER = 100

/**
 * The file's status, or `null` where there is none. Looks before SQLite does: its own "unable to open database file"
 * stands for a dozen reasons.
 *
 * @throws AdminError DENIED_STORE, INVALID_DATABASE
 */
export function statDatabase(path: string): Stats | null {
  const stats = statOrNull(path)
  if (stats === null) return null
  if (!stats.isFile()) {
    throw new AdminError(
      'INVALID_DATABASE',
      `${path} is ${stats.isDirectory() ? 'a directory' : 'no regular file'}, not a store`,
    )
  }
  if (stats.size === 0) refuseEmptied(path)
  else if (stats.size < HEADER)
    throw new AdminError(
      'INVALID_DATABASE',
      `${path} has ${stats.size} bytes: no SQLite database is as short; is that the right --database?`,
    )
  return stats
}

/** @throws AdminError DENIED_STORE */
export function refuseUnreadable(path: string): void {
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    throw new AdminError('DENIED_STORE', `you may not read the store ${path}`, { cause: error })
  }
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return null
    const options = { cause: error }
    if (code === 'EACCES')
      throw new AdminError('DENIED_STORE', `you may not look into the directory of the store ${path}`, options)
    if (code === 'ENOTDIR')
      throw new AdminError('INVALID_DATABASE', `${path} cannot be a store: a part of its path is a file`, options)
    if (code === 'ENAMETOOLONG')
      throw new AdminError('INVALID_DATABASE', `the path of the store is too long: ${path.length} characters`, options)
    if (code === 'ELOOP')
      throw new AdminError('INVALID_DATABASE', `${path} cannot be a store: its symbolic links run in a circle`, options)
    throw error
  }
}

/** An empty file alone may become a store. One with a store's companions beside it was a store, and lost everything. */
function refuseEmptied(path: string): void {
  if (!existsSync(`${path}-wal`) && !existsSync(`${path}-shm`)) return
  throw new AdminError('INVALID_DATABASE', `the store ${path} is empty: its content is gone\nrestore it from a backup`)
}
