import { AdminError } from '../../errors.ts'

/**
 * Turns what SQLite or the file system threw into words about this store. Result codes: https://sqlite.org/rescode.html
 * What is none of these comes back as it was.
 */
export function translateSqliteError(error: unknown, path: string): unknown {
  const code = errorCode(error)
  if (code === undefined || error instanceof AdminError) return error
  const options = { cause: error }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new AdminError(
      'UNAVAILABLE_STORE',
      `the store ${path} is locked by another process\nnothing was changed; run the command again`,
      options,
    )
  }
  if (/^SQLITE_(READONLY|PERM|AUTH)/.test(code) || code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AdminError('DENIED_STORE', `you may not write to the store ${path}`, options)
  }
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) {
    return new AdminError(
      'INVALID_DATABASE',
      `${path} is not a sound SQLite database (${code})\nrestore it from a backup`,
      options,
    )
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return new AdminError('UNAVAILABLE_STORE', `the disk that holds ${path} is full`, options)
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_IOERR')) {
    return new AdminError('UNAVAILABLE_STORE', `the store ${path} cannot be opened (${code})`, options)
  }
  return error
}

export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
