import { AdminError } from '../errors.ts'

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT'
}

/** What the file system said, in our words; what is none of its doing comes back as it is. */
export function explainFileFailure(error: unknown, file: string): unknown {
  const options = { details: { file }, cause: error }
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return new AdminError('DENIED_FILE', `you may not write ${file}`, options)
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new AdminError('UNAVAILABLE_FILE', `there is no space left for ${file}: what was there stands`, options)
    case 'ELOOP':
      return new AdminError('REFUSED_UNSAFE_FILE', `${file} is not used: it is a symbolic link`, options)
    case 'ENOTDIR':
      return new AdminError('NOT_FOUND_FILE', `there is no directory for ${file}: a file is in its place`, options)
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
    case 'ESTALE':
    case 'SQLITE_IOERR':
      return new AdminError('UNAVAILABLE_FILE', `${file} cannot be used: ${String(codeOf(error))}`, options)
    default:
      return error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error && !(error instanceof AdminError) ? error.code : undefined
}
