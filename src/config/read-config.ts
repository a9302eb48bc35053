import type * as Zod from 'zod/mini'
import { AdminError } from '../errors.ts'
import type { Config } from './config.ts'
import { configSchema } from './config-schema.ts'
import { explainReadFailure } from './read-failure.ts'
import { readTrustedFile } from './trusted-file.ts'
import { parseYaml } from './yaml-document.ts'
import { kindOf, showPath, typeOf } from './yaml-words.ts'

type Issue = Zod.core.$ZodIssue
type Path = readonly PropertyKey[]

/**
 * Reads `config.yaml`. Every wrong key and type is reported at once, with file, line and key. What is no configuration
 * is not repeated: root may be led to name any file of the host.
 *
 * @param variable that names it; `null` where it was not one
 * @throws AdminError NOT_FOUND_CONFIG, DENIED_FILE, INVALID_CONFIG
 */
export async function readConfig(file: string, variable: string | null = null): Promise<Config> {
  const text = readText(file, variable)
  const [document, zod] = await Promise.all([parseYaml(text), import('zod/mini')])
  if (document.syntaxProblems.length > 0)
    throw invalidConfig(document.syntaxProblems.map(({ line, problem }) => `${file}:${line}: ${problem}`))
  const content = document.content ?? {}
  const parsed = configSchema(zod).safeParse(content)
  if (parsed.success) return parsed.data as Config
  const at = (path: Path, problem: string) => `${file}:${document.lineOf(path)}: ${showPath(path)} ${problem}`
  throw invalidConfig(parsed.error.issues.flatMap((issue) => describeIssue(issue, content, at)))
}

function describeIssue(issue: Issue, content: unknown, at: (path: Path, problem: string) => string): readonly string[] {
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

function readText(file: string, variable: string | null): string {
  try {
    return readTrustedFile(file)
  } catch (error) {
    const namedBy = variable === null ? '' : ` that ${variable} names`
    throw explainReadFailure(error, `configuration file ${file}${namedBy}`, 'NOT_FOUND_CONFIG')
  }
}

function invalidConfig(problems: readonly string[]): AdminError {
  return new AdminError('INVALID_CONFIG', problems.join('\n'), { details: { problems } })
}

function article(type: string): string {
  return type === 'object' ? 'a mapping' : type === 'array' ? 'a list' : type === 'string' ? 'a text' : `a ${type}`
}
