import { readFileSync, statSync } from 'node:fs'
import type { Document, LineCounter } from 'yaml'
import type * as Zod from 'zod/mini'
import { AdminError } from '../errors.ts'
import type { Config } from './config.ts'
import { configSchema } from './config-schema.ts'
import { explainReadFailure } from './read-failure.ts'
import { lineOfKey } from './yaml-position.ts'

type Issue = Zod.core.$ZodIssue

/**
 * Reads `config.yaml`. Every wrong key and type is reported at once, with file, line and key.
 *
 * @throws AdminError NOT_FOUND_CONFIG, DENIED_FILE, INVALID_CONFIG
 */
export async function readConfig(file: string): Promise<Config> {
  const text = readText(file)
  const [yaml, zod] = await Promise.all([import('yaml'), import('zod/mini')])
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors.map(({ message, pos }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`)
  if (broken.length > 0) throw invalidConfig(broken)
  const parsed = configSchema(zod).safeParse(document.toJS() ?? {})
  if (parsed.success) return parsed.data as Config
  throw invalidConfig(parsed.error.issues.flatMap((issue) => describeIssue(issue, file, document, lines)))
}

function describeIssue(issue: Issue, file: string, document: Document, lines: LineCounter): readonly string[] {
  const at = (path: readonly PropertyKey[], problem: string) =>
    `${file}:${lineOfKey(document, lines, path)}: ${path.map(String).join('.') || 'the file'} ${problem}`
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => at([...issue.path, key], 'is not a known key'))
  const seen = issue.path.length === 0 ? document.toJS() : (document.getIn(issue.path) as unknown)
  if (seen === undefined) return [at(issue.path, 'is missing')]
  if (issue.code === 'invalid_type') return [at(issue.path, `must be ${article(issue.expected)}, not ${kindOf(seen)}`)]
  return [at(issue.path, issue.code === 'too_small' ? 'must not be empty' : issue.message)]
}

function readText(file: string): string {
  try {
    const { mode } = statSync(file)
    if ((mode & 0o002) !== 0)
      throw invalidConfig([`${file}: everybody may write it, so nobody may rely on it: chmod o-w ${file}`])
    return readFileSync(file, 'utf8')
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

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? 'a mapping'
    : `the ${typeof value === 'string' ? 'text' : typeof value} ${JSON.stringify(value)}`
}
