import { dirname } from 'node:path'
import { readBounded } from '../../config/read-bounded.ts'
import { explainReadFailure } from '../../config/read-failure.ts'
import { YamlCursor, type YamlProblem } from '../../config/yaml-cursor.ts'
import { parseYaml, type YamlDocument } from '../../config/yaml-document.ts'
import { mapOf, optional, parsed, whole } from '../../config/yaml-readers.ts'
import { showPath } from '../../config/yaml-words.ts'
import { AdminError } from '../../errors.ts'
import { isJsonObject } from '../../iam/json-object.ts'
import { escapeControls } from '../../iam/quote.ts'
import { checkSpec, type SpecParts } from './check-spec.ts'
import { readAccounts } from './read-accounts.ts'
import { readIdentityProvider } from './read-identity-provider.ts'
import { readDefaults } from './read-role-settings.ts'
import { readDatabase, readInstanceProfile, readRole, type SpecContext } from './read-roles.ts'
import type { Spec } from './spec.ts'
import { parseSpecName } from './spec-name.ts'

const SECTIONS = [
  'version',
  'name',
  'identityProvider',
  'accounts',
  'defaults',
  'roles',
  'databases',
  'instanceProfiles',
] as const
const MOST_BYTES = 1_000_000
const MOST_PROBLEMS = 64
const SHOWN_OF_MORE = 50

/**
 * Reads `provision.yaml` and the policy documents that it names. Everything that is wrong is reported at once, each with
 * file, line and key. Unlike the configuration, the file may be of anybody: whoever applies it sees the plan first.
 *
 * @throws AdminError INVALID_SPEC, NOT_FOUND_FILE, DENIED_FILE
 */
export async function readSpec(file: string): Promise<Spec> {
  const document = await parseYaml(readSpecText(file))
  const at = (line: number, problem: string) => `${escapeControls(file)}:${line}: ${problem}`
  if (document.syntaxProblems.length > 0)
    throw invalidSpec(document.syntaxProblems.map(({ line, problem }) => at(line, problem)))
  const problems: YamlProblem[] = []
  const spec = readParts(new YamlCursor(document.content, problems), file)
  if (spec !== undefined && problems.length === 0) return spec
  throw invalidSpec(shownProblems(problems, document, at), problems.length)
}

function readSpecText(file: string): string {
  const shown = escapeControls(file)
  try {
    const text = readBounded(file, MOST_BYTES)
    if (text !== null) return text
  } catch (error) {
    throw explainReadFailure(error, `spec ${shown}`)
  }
  throw invalidSpec([`${shown}: it has more than ${MOST_BYTES} bytes, so it is no spec`])
}

function readParts(root: YamlCursor, file: string): Spec | undefined {
  const version = root.field('version')
  if (typeof version.value === 'number' && version.value !== 1) return reportVersion(version)
  const fields = root.fields(...SECTIONS)
  if (fields === undefined) return undefined
  if (version.value !== 1) reportVersion(version)
  const context = contextOf(fields, file)
  const parts = whole<SpecParts>({
    accounts: optional(fields.accounts, readAccounts, []),
    roles: readEntries(fields.roles, readRole, context),
    databases: readEntries(fields.databases, readDatabase, context),
    instanceProfiles: readEntries(fields.instanceProfiles, readInstanceProfile, context),
  })
  if (parts !== undefined) checkSpec(root, parts, context.accounts ?? [])
  const head = whole<Pick<Spec, 'name' | 'identityProvider'>>({
    name: parsed(parseSpecName)(fields.name),
    identityProvider: optional(fields.identityProvider, readIdentityProvider, null),
  })
  return head && parts && { file, ...head, ...parts, accounts: context.accounts && parts.accounts }
}

/** Another version may have other keys: nothing more is said about the file. */
function reportVersion(at: YamlCursor): undefined {
  return at.expected('1, the only version that there is')
}

function contextOf(fields: Readonly<Record<'accounts' | 'defaults', YamlCursor>>, file: string): SpecContext {
  const { value } = fields.accounts
  return {
    directory: dirname(file),
    accounts: isJsonObject(value) ? Object.keys(value) : null,
    defaults: readDefaults(fields.defaults),
  }
}

function readEntries<T>(
  at: YamlCursor,
  read: (name: string, at: YamlCursor, context: SpecContext) => T | undefined,
  context: SpecContext,
): readonly T[] | undefined {
  return optional(
    at,
    mapOf((name, where) => read(name, where, context)),
    [],
  )
}

/** Where there are too many to read, the first of them; by line. */
function shownProblems(
  problems: readonly YamlProblem[],
  { lineOf }: YamlDocument,
  at: (line: number, problem: string) => string,
): readonly string[] {
  return problems
    .slice(0, problems.length > MOST_PROBLEMS ? SHOWN_OF_MORE : MOST_PROBLEMS)
    .map(({ path, problem }) => ({ line: lineOf(path), text: `${escapeControls(showPath(path))}${problem}` }))
    .sort((one, other) => one.line - other.line)
    .map(({ line, text }) => at(line, text))
}

function invalidSpec(problems: readonly string[], total = problems.length): AdminError {
  const more = total > problems.length ? [`and ${total - problems.length} more problems`] : []
  return new AdminError('INVALID_SPEC', [...problems, ...more].join('\n'), { details: { problems } })
}
