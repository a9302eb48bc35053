import { stripVTControlCharacters } from 'node:util'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { sharedBeginning } from './likeness.ts'

/** What the errors of oclif's parser carry beside their words. */
interface ParserFailure extends Error {
  readonly args?: unknown
  readonly flags?: unknown
  readonly parse?: {
    readonly input?: { readonly context?: { readonly id?: string }; readonly flags?: Readonly<Record<string, unknown>> }
  }
}

const HINTS: Readonly<Record<string, string>> = {
  'set-aws-role-arns': 'join role ARNs with commas, without spaces',
  'unset-aws-role-arns': 'unset removes all roles; to remove one, set the rest',
}

/** The complaints of oclif that are nothing but words, and how we say the same. */
const WORDS: readonly (readonly [RegExp, (a: string, b: string, c: string) => string])[] = [
  [
    /^Expected --(\S+?)=(.*) to be one of: (.*)$/s,
    (flag, seen, all) => `--${flag} is ${showArgument(seen)}, expected one of ${all}`,
  ],
  [/^Flag --(\S+) expects one of these values: (.*)$/s, (flag, all) => `--${flag} needs a value, one of ${all}`],
  [/^Flag --(\S+) expects a value/, (flag) => `--${flag} needs a value`],
  [/^Flag --(\S+) can only be specified once/, (flag) => `--${flag} is given more than once`],
  [
    /^Parsing --(\S+)\s+Expected an integer(.*) but received:\s*(.*)$/s,
    (flag, range, seen) => `--${flag}: expected an integer${limitOf(range)}, not ${showArgument(seen)}`,
  ],
  [/^Parsing --(\S+)\s+(.*)$/s, (flag, complaint) => `--${flag}: ${lowerFirst(complaint)}`],
  [
    /^The following errors? occurred:\s+(.*)$/s,
    (reasons) =>
      reasons
        .split(/\s*\n\s*/)
        .map(describeReason)
        .join('\n'),
  ],
]

/** A complaint of oclif's parser as an error in our words. */
export function toUsageError(failure: ParserFailure): AdminError {
  const { args, flags, parse } = failure
  const message = stripVTControlCharacters(failure.message.replace(/\n?See more help with --help\s*$/, '').trim())
  if (Array.isArray(args) && message.startsWith('Missing')) {
    const names = args.map(({ name, description }) => `${String(name).toUpperCase()} (${description})`)
    return new AdminError('USAGE_ARGUMENT', `missing ${names.join(', ')}`)
  }
  if (Array.isArray(args) && message.startsWith('Unexpected')) {
    const hint = args.some((arg) => /^arn:/.test(arg)) ? HINTS[parse?.input?.context?.id ?? ''] : undefined
    const lines = [`unexpected argument ${args.map(showArgument).join(' ')}`, ...(hint === undefined ? [] : [hint])]
    return new AdminError('USAGE_ARGUMENT', lines.join('\n'))
  }
  if (Array.isArray(flags))
    return new AdminError('USAGE_FLAG', describeFlags(flags, Object.keys(parse?.input?.flags ?? {})))
  return new AdminError('USAGE_FLAG', describeWords(message), { cause: failure })
}

/** An argument as a message repeats it. What looks like a token is not: it may have been meant for standard input. */
export function showArgument(text: string): string {
  return /^eyJ|^.{300}/s.test(text) ? '(a long one, not shown)' : quote(text)
}

function describeFlags(typed: readonly string[], known: readonly string[]): string {
  const names = typed.map((flag) => flag.replace(/=.*$/s, ''))
  const shown = names.map((name) => (/^--?[\w-]{1,40}$/.test(name) ? name : showArgument(name)))
  const [name = '', ...others] = names
  const closest = others.length === 0 ? closestFlag(name.replace(/^-+/, ''), known) : null
  return `there is no flag ${shown.join(', ')} here; ${closest === null ? '--help lists them' : `did you mean --${closest}?`}`
}

/** The one flag that begins alike: none where several do. */
function closestFlag(typed: string, known: readonly string[]): string | null {
  const ranked = known
    .map((flag) => ({ flag, shared: sharedBeginning(typed, flag, 2) }))
    .sort((a, b) => b.shared - a.shared)
  const [best, second] = ranked
  return best === undefined || best.shared === 0 || best.shared === second?.shared ? null : best.flag
}

function describeWords(message: string): string {
  for (const [pattern, describe] of WORDS) {
    const match = pattern.exec(message)
    if (match !== null) return describe(match[1] ?? '', match[2] ?? '', match[3] ?? '')
  }
  return lowerFirst(message)
}

function describeReason(reason: string): string {
  return lowerFirst(reason.replace(/^Missing required flag (\S+)$/, 'missing --$1'))
}

function limitOf(range: string): string {
  return range.replace(' greater than or equal to ', ' of at least ').replace(' less than or equal to ', ' of at most ')
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
