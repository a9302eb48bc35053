import { AdminError, type ErrorCode } from '../errors.ts'

/**
 * Why a file could not be read, in words for its user; what has another reason comes back as it was.
 *
 * @param what the file in words, as "configuration file /etc/admin/config.yaml"
 */
export function explainReadFailure(error: unknown, what: string, missing: ErrorCode = 'NOT_FOUND_FILE'): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  const refuse = (errorCode: ErrorCode, message: string) => new AdminError(errorCode, message, { cause: error })
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return refuse(missing, `there is no ${what}`)
    case 'EISDIR':
      return refuse(missing, `there is no ${what}: that is a directory`)
    case 'EACCES':
    case 'EPERM':
      return refuse('DENIED_FILE', `you may not read the ${what}`)
    default:
      return error
  }
}
