import { AdminError, exitCodes } from '../errors.ts'
import { quote } from '../iam/quote.ts'

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

/** The reader of our output has seen enough, as in `admin audit log | head`. */
export function isClosedPipe(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === 'EPIPE'
}

function toUsageError(failure: unknown): AdminError | null {
  if (!(failure instanceof Error) || oclifExit(failure) === undefined) return null
  return describeUsage(failure) ?? new AdminError('USAGE_FLAG', describeRest(failure.message), { cause: failure })
}

/** The complaints of oclif's parser that carry their words as data. */
function describeUsage(failure: Error & { args?: unknown; flags?: unknown }): AdminError | null {
  const { args, flags, message } = failure
  const unknownCommand = /^command (\S+) not found$/.exec(message)?.[1]
  if (unknownCommand !== undefined) {
    const typed = showArgument(unknownCommand.replaceAll(':', ' '))
    return new AdminError('USAGE_COMMAND', `there is no command ${typed}`, { suggestions: ['admin --help'] })
  }
  if (Array.isArray(args) && message.startsWith('Missing')) {
    const names = args.map(({ name, description }) => `${String(name).toUpperCase()} (${description})`)
    return new AdminError('USAGE_ARGUMENT', `missing ${names.join(', ')}`)
  }
  if (Array.isArray(args) && message.startsWith('Unexpected')) {
    const hint = args.some((arg) => /^arn:/.test(arg)) ? '\njoin role ARNs with commas, without spaces' : ''
    return new AdminError('USAGE_ARGUMENT', `unexpected argument ${args.map(showArgument).join(' ')}${hint}`)
  }
  if (!Array.isArray(flags)) return null
  return new AdminError('USAGE_FLAG', `there is no flag ${flags.join(', ')} here; --help lists them`)
}

function describeRest(message: string): string {
  const text = message.replace(/\n?See more help with --help\s*$/, '').trim()
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** An argument as a message repeats it. What looks like a token is not: it may have been meant for standard input. */
export function showArgument(text: string): string {
  return /^eyJ|^.{300}/s.test(text) ? '(a long one, not shown)' : quote(text)
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
