import { type Stats, statSync } from 'node:fs'
import { AdminError } from '../../errors.ts'
import { errorCode } from './sqlite-errors.ts'

/**
 * The file's status, or `null` where there is none.
 *
 * @throws AdminError DENIED_STORE where the way to it is barred
 */
export function statDatabase(path: string): Stats | null {
  try {
    return statSync(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return null
    if (code === 'EACCES')
      throw new AdminError('DENIED_STORE', `you may not look into the directory of the store ${path}`, { cause: error })
    if (code === 'ENOTDIR')
      throw new AdminError('INVALID_DATABASE', `${path} cannot be a store: a part of its path is a file`, {
        cause: error,
      })
    throw error
  }
}
