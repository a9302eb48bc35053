import { AdminError, exitCodes } from '../errors.ts'

/** After these a command that could have written has written nothing. */
const CHANGED_NOTHING: ReadonlySet<number> = new Set([
  exitCodes.USAGE_ARGUMENT,
  exitCodes.REFUSED_DECLINED,
  exitCodes.NOT_FOUND_STORE,
  exitCodes.TOKEN_MALFORMED,
])

/** Whatever was thrown, as an error in our words: oclif's complaints become usage errors, the rest is a bug. */
export function toAdminError(failure: unknown, version: string): AdminError {
  return failure instanceof AdminError ? failure : (toUsageError(failure) ?? toInternalError(failure, version))
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

function toUsageError(failure: unknown): AdminError | null {
  if (!(failure instanceof Error) || oclifExit(failure) === undefined) return null
  const message = failure.message.replace(/\n?See more help with --help\s*$/, '').trim()
  const unknownCommand = /^command (\S+) not found$/.exec(message)?.[1]
  if (unknownCommand !== undefined) {
    const typed = unknownCommand.replaceAll(':', ' ')
    return new AdminError('USAGE_COMMAND', `there is no command "${typed}"`, { suggestions: ['admin --help'] })
  }
  const isArgument = /argument| arg/i.test(message)
  return new AdminError(isArgument ? 'USAGE_ARGUMENT' : 'USAGE_FLAG', lowerFirst(message), { cause: failure })
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

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
