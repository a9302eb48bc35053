import { asksForJson } from '../cli/exit-report.ts'
import { showArgument } from '../cli/usage-failure.ts'
import { AdminError } from '../errors.ts'
import { closestCommand } from './closest-command.ts'

const VALUED = /^--(database|config)$/
const GLOBAL = /^--(json|database|config)(=|$)/
const HELP: ReadonlySet<string> = new Set(['help', '-h', '--help'])
const VERSION: ReadonlySet<string> = new Set(['version', '-v', '--version'])

type Flags = Readonly<Record<string, { readonly type: string }>>

interface Front {
  /** What names a command or the beginning of one, in the form of oclif's ids. */
  readonly id: string
  /** Global flags that stand before or among the words of the command. */
  readonly flags: readonly string[]
  readonly asked: 'run' | 'help' | 'version'
  readonly rest: readonly string[]
}

/**
 * The command line as oclif takes it without guessing: the words of the command joined into its id, global flags that
 * stand in front moved behind it, every way to ask for help as `--help`.
 *
 * @throws AdminError USAGE_COMMAND, also for a topic alone under `--json`; USAGE_FLAG
 */
export function resolveCommand(argv: readonly string[], ids: readonly string[]): string[] {
  refuseValuesOfSwitches(argv, { json: { type: 'boolean' } })
  const front = readFront(argv, ids)
  const { id, flags, asked, rest } = front
  if (asked === 'version') return ['--version']
  if (!ids.includes(id)) return resolveTopic(front, ids, asksForJson(argv))
  return asked === 'help' || asksForHelp(rest) ? [id, '--help'] : [id, ...flags, ...rest]
}

function resolveTopic({ id, flags, asked, rest }: Front, ids: readonly string[], isJson: boolean): string[] {
  const [next] = rest
  if (next !== undefined && !next.startsWith('-')) throw unknownCommand(id, rest, ids)
  const help = id === '' ? ['--help'] : [id, '--help']
  if (asked === 'help' || asksForHelp(rest)) return help
  if (isJson || (id === '' && flags.length > 0)) throw incompleteCommand(id, ids)
  if (next !== undefined) throw new AdminError('USAGE_FLAG', flagInFront(next), { suggestions: [helpOf(id)] })
  return help
}

/**
 * A switch such as `--dry-run` takes no value: oclif would take that of `--dry-run=false` for an argument.
 *
 * @throws AdminError USAGE_FLAG
 */
export function refuseValuesOfSwitches(argv: readonly string[], flags: Flags): void {
  const end = argv.indexOf('--')
  const names = (end === -1 ? argv : argv.slice(0, end)).map((word) => /^--([^=]+)=/s.exec(word)?.[1] ?? '')
  const wrong = names.find((name) => Object.hasOwn(flags, name) && flags[name]?.type === 'boolean')
  if (wrong !== undefined) throw new AdminError('USAGE_FLAG', `--${wrong} takes no value`)
}

function readFront(argv: readonly string[], ids: readonly string[]): Front {
  let front: Front = { id: '', flags: [], asked: 'run', rest: argv }
  for (let next = step(front, ids); next !== null; next = step(front, ids)) front = next
  return front
}

/** Takes one more word, or `null` where the arguments of a command begin. */
function step({ id, flags, asked, rest }: Front, ids: readonly string[]): Front | null {
  const [word, ...others] = rest
  if (word === undefined || ids.includes(id)) return null
  const longer = id === '' ? word : `${id}:${word}`
  const kind = kindOf(word, longer, ids)
  if (kind === 'other') return null
  if (kind === 'valued') return { id, flags: [...flags, ...rest.slice(0, 2)], asked, rest: rest.slice(2) }
  if (kind === 'flag') return { id, flags: [...flags, word], asked, rest: others }
  if (kind === 'word') return { id: longer, flags, asked, rest: others }
  return { id, flags, asked: asked === 'run' ? kind : asked, rest: others }
}

function kindOf(word: string, longer: string, ids: readonly string[]) {
  if (VALUED.test(word)) return 'valued'
  if (GLOBAL.test(word)) return 'flag'
  if (isBeginning(longer, ids)) return 'word'
  if (HELP.has(word)) return 'help'
  return VERSION.has(word) && word === longer ? 'version' : 'other'
}

function isBeginning(words: string, ids: readonly string[]): boolean {
  return ids.some((id) => id === words || id.startsWith(`${words}:`))
}

function asksForHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf('--')
  return (end === -1 ? rest : rest.slice(0, end)).some((word) => word === '-h' || word === '--help')
}

function unknownCommand(topic: string, words: readonly string[], ids: readonly string[]): AdminError {
  const shown = showArgument(words[0] ?? '')
  const typed = shown.startsWith('"') && topic !== '' ? `"${topic} ${shown.slice(1)}` : shown
  const closest = closestCommand(topic, words, ids)
  const question = closest === null ? '' : `; did you mean \`admin ${closest}\`?`
  const suggestion = closest === null ? helpOf(topic) : `admin ${closest} --help`
  return new AdminError('USAGE_COMMAND', `there is no command ${typed}${question}`, { suggestions: [suggestion] })
}

function incompleteCommand(topic: string, ids: readonly string[]): AdminError {
  const verbs = ids.filter((id) => id.startsWith(`${topic}:`)).map((id) => `admin ${id.replaceAll(':', ' ')}`)
  const message = topic === '' ? 'the command is missing' : `"${topic}" needs one more word: ${listed(topic, ids)}`
  return new AdminError('USAGE_COMMAND', message, { suggestions: topic === '' ? [helpOf('')] : verbs })
}

function listed(topic: string, ids: readonly string[]): string {
  const verbs = ids.filter((id) => id.startsWith(`${topic}:`)).map((id) => id.slice(topic.length + 1))
  return verbs.join(', ')
}

function flagInFront(flag: string): string {
  const name = showArgument(flag.replace(/=.*$/s, ''))
  return `${name} stands before the command; only --json, --database and --config may, others follow it`
}

function helpOf(topic: string): string {
  return topic === '' ? 'admin --help' : `admin ${topic.replaceAll(':', ' ')} --help`
}
