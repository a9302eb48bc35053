import type { Document, LineCounter, YAMLError } from 'yaml'
import type * as Zod from 'zod/mini'
import { AdminError } from '../errors.ts'
import type { Config } from './config.ts'
import { configSchema } from './config-schema.ts'
import { explainReadFailure } from './read-failure.ts'
import { readTrustedFile } from './trusted-file.ts'
import { lineOfKey } from './yaml-position.ts'

type Issue = Zod.core.$ZodIssue

const LONGEST_SHOWN = 40
const MOST_SYNTAX_ERRORS = 10

/**
 * Reads `config.yaml`. Every wrong key and type is reported at once, with file, line and key. What is no configuration
 * is not repeated: root may be led to name any file of the host.
 *
 * Aliases are refused: nothing here is worth repeating, and a few lines of them unfold to gigabytes.
 *
 * @throws AdminError NOT_FOUND_CONFIG, DENIED_FILE, INVALID_CONFIG
 */
export async function readConfig(file: string): Promise<Config> {
  const text = readText(file)
  const [yaml, zod] = await Promise.all([import('yaml'), import('zod/mini')])
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const at = (offset: number, problem: string) => `${file}:${lines.linePos(offset).line}: ${problem}`
  const broken = document.errors.slice(0, MOST_SYNTAX_ERRORS).map((error) => at(error.pos[0], syntaxProblem(error)))
  yaml.visit(document, {
    Alias: (_, { range }) => {
      if (broken.length < MOST_SYNTAX_ERRORS)
        broken.push(at(range?.[0] ?? 0, 'aliases (*…) are not taken; write it out'))
    },
  })
  if (broken.length > 0) throw invalidConfig(broken)
  const content: unknown = document.toJS() ?? {}
  const parsed = configSchema(zod).safeParse(content)
  if (parsed.success) return parsed.data as Config
  throw invalidConfig(parsed.error.issues.flatMap((issue) => describeIssue(issue, content, file, document, lines)))
}

/** The words of the YAML parser without the text that it met. */
function syntaxProblem({ code, message }: YAMLError): string {
  switch (code) {
    case 'BAD_DIRECTIVE':
      return 'a line that begins with % is not understood'
    case 'BAD_DQ_ESCAPE':
      return 'a backslash in double quotes is followed by what it cannot escape'
    case 'TAG_RESOLVE_FAILED':
      return 'a tag (!…) is not understood'
    case 'NON_STRING_KEY':
      return 'a key is not a text'
    case 'RESOURCE_EXHAUSTION':
      return 'it is nested too deeply'
    case 'MULTIPLE_DOCS':
      return 'a second document begins (---); expected one'
    default:
      return message.replace(/:\s.*$/s, '')
  }
}

function describeIssue(
  issue: Issue,
  content: unknown,
  file: string,
  document: Document,
  lines: LineCounter,
): readonly string[] {
  const at = (path: readonly PropertyKey[], problem: string) =>
    `${file}:${lineOfKey(document, lines, path)}: ${path.map(showKey).join('.') || 'the file'} ${problem}`
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => at([...issue.path, key], 'is not a known key'))
  const seen = issue.path.reduce(valueIn, content)
  if (seen === undefined) return [at(issue.path, 'is missing')]
  if (issue.code === 'invalid_type') {
    const kind = issue.path.length === 0 ? typeOf(seen) : kindOf(seen)
    return [at(issue.path, `must be ${article(issue.expected)}, not ${kind}`)]
  }
  return [at(issue.path, issue.code === 'too_small' ? 'must not be empty' : issue.message)]
}

function valueIn(container: unknown, key: PropertyKey): unknown {
  return typeof container === 'object' && container !== null ? Reflect.get(container, key) : undefined
}

function readText(file: string): string {
  try {
    return readTrustedFile(file)
  } catch (error) {
    throw explainReadFailure(error, `configuration file ${file}`, 'NOT_FOUND_CONFIG')
  }
}

function invalidConfig(problems: readonly string[]): AdminError {
  return new AdminError('INVALID_CONFIG', problems.join('\n'), { details: { problems } })
}

function article(type: string): string {
  return type === 'object' ? 'a mapping' : type === 'array' ? 'a list' : type === 'string' ? 'a text' : `a ${type}`
}

/** Short values are shown: they are slips of the pen. Longer ones may be somebody's secret. */
function kindOf(value: unknown): string {
  const shown = JSON.stringify(value)
  const isScalar = typeof value !== 'object'
  return isScalar && shown.length <= LONGEST_SHOWN && !/[\r\n]/.test(String(value))
    ? `the ${typeof value === 'string' ? 'text' : typeof value} ${shown}`
    : typeOf(value)
}

function typeOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`
}

function showKey(key: PropertyKey): string {
  const text = String(key)
  return text.length > LONGEST_SHOWN || /[\r\n]/.test(text) ? `(a key of ${text.length} characters)` : text
}
