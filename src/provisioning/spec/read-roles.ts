import type { YamlCursor } from '../../config/yaml-cursor.ts'
import { filledListOf, listOf, oneOf, optional, parseAt, parsed, readSwitch, whole } from '../../config/yaml-readers.ts'
import { AdminError } from '../../errors.ts'
import { parseDatabaseIdentifier } from '../../iam/database-reference.ts'
import { parseInstanceId } from '../../iam/instance-id.ts'
import { quote } from '../../iam/quote.ts'
import { parseSessionDuration, type SessionSeconds } from '../../iam/role-settings.ts'
import { parseSubject } from '../../iam/subject.ts'
import { readAccountOf, readOwnAccount } from './read-accounts.ts'
import { type RoleDefaults, readSettings, SETTINGS } from './read-role-settings.ts'
import type { SpecDatabase, SpecInstanceProfile, SpecRole } from './spec.ts'

/** What the parts of a spec need to know of the others. */
export interface SpecContext {
  /** Where documents are looked for. */
  readonly directory: string
  /** The keys of the section `accounts`; `null` where there is none. */
  readonly accounts: readonly string[] | null
  readonly defaults: RoleDefaults
}

/** An entry of `roles`: a role that people assume with their ID token. */
export function readRole(name: string, at: YamlCursor, context: SpecContext): SpecRole | undefined {
  const fields = at.fields(...SETTINGS, 'accounts', 'maxSessionDuration', 'trust')
  if (fields === undefined) return undefined
  const own = whole<Pick<SpecRole, 'accounts' | 'maxSessionSeconds' | 'subjects'>>({
    accounts: optional(fields.accounts, filledListOf(readAccountOf(context.accounts)), null),
    maxSessionSeconds: optional(fields.maxSessionDuration, readDuration, parseSessionDuration('1h')),
    subjects: readTrust(fields.trust),
  })
  const settings = readSettings(name, at, fields, context.defaults, context.directory)
  return own && settings && { ...settings, ...own }
}

/** An entry of `instanceProfiles`. */
export function readInstanceProfile(
  name: string,
  at: YamlCursor,
  context: SpecContext,
): SpecInstanceProfile | undefined {
  const fields = at.fields(...SETTINGS, 'account', 'instances')
  if (fields === undefined) return undefined
  const own = whole<Pick<SpecInstanceProfile, 'account' | 'instances'>>({
    account: readOwnAccount(fields.account, context.accounts),
    instances: optional(fields.instances, listOf(parsed(parseInstanceId)), []),
  })
  const settings = readSettings(name, at, fields, context.defaults, context.directory)
  return own && settings && { ...settings, ...own }
}

/** An entry of `databases`. */
export function readDatabase(name: string, at: YamlCursor, context: SpecContext): SpecDatabase | undefined {
  const fields = at.fields('account', 'kind', 'iamAuthentication', 'applyImmediately')
  return (
    fields &&
    whole<SpecDatabase>({
      identifier: parseAt(at, name, parseKeptIdentifier),
      account: readOwnAccount(fields.account, context.accounts),
      kind: oneOf('cluster', 'instance')(fields.kind),
      iamAuthentication: readSwitch(fields.iamAuthentication),
      applyImmediately: optional(fields.applyImmediately, readSwitch, false),
    })
  )
}

/** One database under two spellings would be told two things at once. */
function parseKeptIdentifier(text: string): string {
  const identifier = parseDatabaseIdentifier(text)
  if (identifier === text) return identifier
  throw new AdminError('INVALID_SPEC', `RDS keeps identifiers in lower case: write ${quote(identifier)}`)
}

function readDuration(at: YamlCursor): SessionSeconds | undefined {
  return typeof at.value === 'string'
    ? parseAt(at, at.value, parseSessionDuration)
    : at.expected('hours or minutes, as 4h or 90m')
}

/** Never by default: that everybody may assume a role must be said. */
function readTrust(at: YamlCursor): SpecRole['subjects'] | undefined {
  if (at.value === undefined)
    return at.report(' is missing: say who may assume the role, as trust: { subjects: assigned }')
  const fields = at.fields('subjects')
  if (fields === undefined) return undefined
  const { subjects } = fields
  if (subjects.value === 'any' || subjects.value === 'assigned') return subjects.value
  return Array.isArray(subjects.value)
    ? filledListOf(parsed(parseSubject))(subjects)
    : subjects.expected('any, assigned or a list of subjects')
}
