import { stripVTControlCharacters } from 'node:util'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { nearFlags } from './near-flags.ts'

/** What the errors of oclif's parser carry beside their words. */
interface ParserFailure extends Error {
  readonly args?: unknown
  readonly flags?: unknown
  readonly parse?: {
    readonly input?: { readonly flags?: Readonly<Record<string, unknown>> }
    readonly output?: {
      readonly flags?: Readonly<Record<string, unknown>>
      readonly raw?: readonly { readonly flag?: string }[]
    }
  }
}

interface Complaint {
  readonly code: 'USAGE_ARGUMENT' | 'USAGE_FLAG'
  readonly message: string
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
]

/** What flags have to do with each other. What was given as their values may be a secret, and is not repeated. */
const RELATIONS: readonly (readonly [RegExp, (a: string, b: string) => string])[] = [
  [/^Missing required flag (\S+)$/, (flag) => `missing --${flag}`],
  [/^All of the following must be provided when using --(\S+): (.*)$/, (flag, all) => `--${flag} needs ${anded(all)}`],
  [/^One of the following must be provided when using --(\S+): (.*)$/, (flag, all) => `--${flag} needs ${ored(all)}`],
  [
    /^Only the following can be provided when using --(\S+): (.*)$/,
    (flag, all) => `beside --${flag} goes only ${ored(all)}`,
  ],
  [/^(?:Exactly|At least) one of the following must be provided: (.*)$/, (all) => `missing ${ored(all)}`],
  [/^--([^\s=]+)(?:=.*)? cannot also be provided when using --(\S+)$/, (one, other) => notTogether(one, other)],
]

/**
 * A complaint of oclif's parser as an error in our words.
 *
 * @param id of the command, in the form of oclif; none outside of one
 */
export function toUsageError(failure: ParserFailure, id?: string): AdminError {
  const { code, message } = describeComplaint(failure, id ?? '')
  const suggestions = id === undefined ? [] : [`admin ${id.replaceAll(':', ' ')} --help`]
  return new AdminError(code, message, { suggestions, cause: failure })
}

function describeComplaint(failure: ParserFailure, id: string): Complaint {
  const { args, flags, parse } = failure
  const message = stripVTControlCharacters(
    withoutValues(failure)
      .replace(/\n?See more help with --help\s*$/, '')
      .trim(),
  )
  if (Array.isArray(args) && message.startsWith('Missing')) return { code: 'USAGE_ARGUMENT', message: missing(args) }
  if (Array.isArray(args) && message.startsWith('Unexpected')) {
    const hint = args.some((arg) => /^arn:/.test(arg)) ? HINTS[id] : undefined
    return { code: 'USAGE_ARGUMENT', message: lines(`unexpected argument ${args.map(showArgument).join(' ')}`, hint) }
  }
  const known = Object.keys(parse?.input?.flags ?? {})
  if (Array.isArray(flags)) return { code: 'USAGE_FLAG', message: describeFlags(flags, known, id) }
  const reasons = /^The following errors? occurred:\s+(.*)$/s.exec(message)?.[1]
  if (reasons === undefined) return { code: 'USAGE_FLAG', message: describeWords(message) }
  return { code: 'USAGE_FLAG', message: lines(describeReasons(reasons), mistakenStore(failure, reasons)) }
}

/** Beside which others a flag may not stand is said by oclif with its value, which may run over lines. */
function withoutValues({ message, parse }: ParserFailure): string {
  return Object.entries(parse?.output?.flags ?? {}).reduce(
    (text, [flag, value]) => text.replaceAll(`--${flag}=${value} cannot`, () => `--${flag} cannot`),
    message,
  )
}

function missing(args: readonly { readonly name?: unknown; readonly description?: unknown }[]): string {
  return `missing ${args.map(({ name, description }) => `${String(name).toUpperCase()} (${description})`).join(', ')}`
}

function lines(...some: readonly (string | undefined)[]): string {
  return some.filter((line) => line !== undefined).join('\n')
}

/** An argument as a message repeats it. What looks like a token is not: it may have been meant for standard input. */
export function showArgument(text: string): string {
  return /^eyJ|^.{300}/s.test(text) ? '(a long one, not shown)' : quote(text)
}

function describeFlags(typed: readonly string[], known: readonly string[], id: string): string {
  return typed.map((flag) => describeFlag(flag.replace(/=.*$/s, ''), known, id)).join('\n')
}

function describeFlag(name: string, known: readonly string[], id: string): string {
  const shown = /^--?[\w-]{1,40}$/.test(name) ? name : showArgument(name)
  const near = nearFlags(name.replace(/^-+/, ''), known).map((flag) => `--${flag}`)
  const advice = near.length === 0 ? whereElse(shown, id) : `did you mean ${near.join(' or ')}?`
  return `there is no flag ${shown} here; ${advice}`
}

function whereElse(flag: string, id: string): string {
  return id === 'rds:connect'
    ? `--help lists them; what is for the client goes behind --, as -- ${flag} …`
    : '--help lists them'
}

function describeWords(message: string): string {
  for (const [pattern, describe] of WORDS) {
    const match = pattern.exec(message)
    if (match !== null) return describe(match[1] ?? '', match[2] ?? '', match[3] ?? '')
  }
  return lowerFirst(message)
}

function describeReasons(reasons: string): string {
  const said = reasons.split(/\s*\n\s*/)
  return [...new Set(said.map(describeReason))].join('\n')
}

function describeReason(reason: string): string {
  for (const [pattern, describe] of RELATIONS) {
    const match = pattern.exec(reason)
    if (match !== null) return describe(match[1] ?? '', match[2] ?? '')
  }
  return lowerFirst(reason)
}

function notTogether(one: string, other: string): string {
  const [first, second] = [one, other].sort()
  return `--${first} and --${second} are given together, expected one of them`
}

function anded(flags: string): string {
  return flags.replaceAll(', ', ' and ')
}

function ored(flags: string): string {
  return flags.replaceAll(', ', ' or ')
}

/** Whoever knows other clients takes `--database` for the database to enter. */
function mistakenStore({ parse }: ParserFailure, reasons: string): string | undefined {
  const isGiven = parse?.output?.raw?.some(({ flag }) => flag === 'database') === true
  return isGiven && /Missing required flag db-name$/m.test(reasons)
    ? '--database is the store of admin; the database to enter is --db-name'
    : undefined
}

function limitOf(range: string): string {
  return range.replace(' greater than or equal to ', ' of at least ').replace(' less than or equal to ', ' of at most ')
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
