import { AdminError } from './errors.ts'

/** What the file system said, in our words; what is none of its doing comes back as it is. */
export function explainFileFailure(error: unknown, file: string): unknown {
  const code = codeOf(error)
  const options = { details: { file }, cause: error }
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return new AdminError('DENIED_FILE', `you may not use ${file}`, options)
    case 'EROFS':
      return new AdminError('UNAVAILABLE_FILE', `${file} is on a file system that can only be read`, options)
    case 'ENOSPC':
    case 'EDQUOT':
      return new AdminError('UNAVAILABLE_FILE', `there is no space left for ${file}: what was there stands`, options)
    case 'ELOOP':
      return new AdminError('REFUSED_UNSAFE_FILE', `${file} is not used: it is a symbolic link`, options)
    case 'ENOTDIR':
    case 'EEXIST':
      return new AdminError(
        'REFUSED_UNSAFE_FILE',
        `${file} is not used: a file is in the place of a directory`,
        options,
      )
    default:
      return isSystemFailure(error)
        ? new AdminError('UNAVAILABLE_FILE', `${file} cannot be used (${code})`, options)
        : error
  }
}

/** As Node.js has them of a call to the system, and SQLite of a file that it could not use. */
function isSystemFailure(error: unknown): boolean {
  const code = String(codeOf(error))
  return /^E[A-Z0-9]+$/.test(code) || /^SQLITE_(IOERR|CANTOPEN|READONLY|FULL|PERM)/.test(code)
}

/** Of an error of the system or of SQLite. By shape: modules that a test loads have an `Error` of their own. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error && !(error instanceof AdminError)
    ? error.code
    : undefined
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT'
}
