import { AdminError, exitCodes } from '../errors.ts'
import { toUsageError } from './usage-failure.ts'

/** After these a command that could have written has written nothing. */
const CHANGED_NOTHING: ReadonlySet<number> = new Set([
  exitCodes.USAGE_ARGUMENT,
  exitCodes.REFUSED_DECLINED,
  exitCodes.NOT_FOUND_STORE,
  exitCodes.TOKEN_MALFORMED,
])

/** Whatever was thrown, as an error in our words: oclif's complaints become usage errors, the rest is a bug. */
export function toAdminError(failure: unknown, version: string, id?: string): AdminError {
  if (failure instanceof AdminError) return failure
  return fromOclif(failure, id) ?? fromGoneDirectory(failure) ?? toInternalError(failure, version)
}

/** Says so where a command that could have written has written nothing. */
export function sayNothingWasChanged(error: AdminError): AdminError {
  const isSaid = error.message.includes('nothing was changed')
  if (isSaid || !CHANGED_NOTHING.has(error.exitCode)) return error
  const { code, message, suggestions, details, cause } = error
  return new AdminError(code, `${message}\nnothing was changed`, { suggestions, details, cause })
}

/** oclif ends `--help` and `--version` with an error of exit code 0. */
export function isHelpOrVersion(failure: unknown): boolean {
  return oclifExit(failure) === 0
}

/** The reader of our output has seen enough, as in `admin audit log | head`. */
export function isClosedPipe(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === 'EPIPE'
}

function fromOclif(failure: unknown, id: string | undefined): AdminError | null {
  return failure instanceof Error && oclifExit(failure) !== undefined ? toUsageError(failure, id) : null
}

/** Only what is named relative to it needs the current directory. */
function fromGoneDirectory(failure: unknown): AdminError | null {
  if (!(failure instanceof Error) || !('syscall' in failure) || failure.syscall !== 'uv_cwd') return null
  return new AdminError('NOT_FOUND_FILE', 'the current directory no longer exists', {
    suggestions: ['cd /'],
    cause: failure,
  })
}

function toInternalError(failure: unknown, version: string): AdminError {
  const seen = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure)
  const advice = 'please report it with the command and this message; DEBUG=admin shows where it happened'
  return new AdminError('INTERNAL', `this is a bug in admin ${version}: ${seen}\n${advice}`, { cause: failure })
}

function oclifExit(failure: unknown): number | undefined {
  if (!(failure instanceof Error) || !('oclif' in failure)) return undefined
  return (failure.oclif as { exit?: number }).exit ?? 2
}
