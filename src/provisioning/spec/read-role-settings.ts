import type { YamlCursor } from '../../config/yaml-cursor.ts'
import { listOf, mapOf, optional, parseAt, parsed, type Reader, whole } from '../../config/yaml-readers.ts'
import { parsePolicyReference } from '../../iam/policy-reference.ts'
import { parseRoleName, parseRolePath, type RolePath } from '../../iam/role-name.ts'
import { parseRoleDescription } from '../../iam/role-settings.ts'
import { MOST_TAGS, parseTagKey, parseTagValue } from '../../iam/tag.ts'
import { ownershipTags } from '../ownership.ts'
import { readPolicy } from './read-policies.ts'
import type { SpecPolicyReference, SpecRoleSettings } from './spec.ts'

type Tags = Readonly<Record<string, string>>

/** What roles and instance profiles have where they say nothing themselves. */
export interface RoleDefaults {
  readonly path: RolePath
  readonly permissionsBoundary: SpecPolicyReference | null
  readonly tags: Tags
}

/** What both sorts of roles may say. */
export const SETTINGS = ['path', 'description', 'permissionsBoundary', 'tags', 'managedPolicies', 'policies'] as const

export type SettingsFields = Readonly<Record<(typeof SETTINGS)[number], YamlCursor>>

const OUR_TAGS = Object.keys(ownershipTags(''))

const NO_DEFAULTS: RoleDefaults = { path: parseRolePath('/'), permissionsBoundary: null, tags: {} }

/** The section `defaults`; where it is wrong, that is reported and the rest is read without it. */
export function readDefaults(at: YamlCursor): RoleDefaults {
  const fields = at.value === undefined ? undefined : at.fields('path', 'permissionsBoundary', 'tags')
  const defaults =
    fields &&
    whole<RoleDefaults>({
      path: optional(fields.path, parsed(parseRolePath), NO_DEFAULTS.path),
      permissionsBoundary: optional(fields.permissionsBoundary, readBoundary, NO_DEFAULTS.permissionsBoundary),
      tags: optional(fields.tags, readTags, NO_DEFAULTS.tags),
    })
  return defaults ?? NO_DEFAULTS
}

/** @param directory where the documents of inline policies are looked for */
export function readSettings(
  name: string,
  at: YamlCursor,
  fields: SettingsFields,
  defaults: RoleDefaults,
  directory: string,
): SpecRoleSettings | undefined {
  const own = optional(fields.tags, readTags, {})
  const tags = own && mergeTags(defaults.tags, own)
  const room = MOST_TAGS - OUR_TAGS.length
  if (tags !== undefined && Object.keys(tags).length > room)
    fields.tags.report(` come to ${Object.keys(tags).length} with the defaults; ${room} have room beside ours`)
  return whole<SpecRoleSettings>({
    name: parseAt(at, name, parseRoleName),
    path: optional(fields.path, parsed(parseRolePath), defaults.path),
    description: optional(fields.description, parsed(parseRoleDescription), parseRoleDescription('')),
    permissionsBoundary: optional(fields.permissionsBoundary, readBoundary, defaults.permissionsBoundary),
    tags,
    managedPolicies: optional(fields.managedPolicies, listOf(parsed(parsePolicyReference)), []),
    policies: optional(
      fields.policies,
      mapOf((policy, where) => readPolicy(policy, where, directory)),
      [],
    ),
  })
}

/** `null` is a value: no boundary, whatever the defaults say. */
const readBoundary: Reader<SpecPolicyReference | null> = (at) =>
  at.value === null ? null : parsed(parsePolicyReference)(at)

const readTags: Reader<Tags> = (at) => {
  const seen = new Set<string>()
  const pairs = mapOf((name, where) => {
    const lower = name.toLowerCase()
    if (OUR_TAGS.includes(lower)) where.report(' is a tag of ours, by which we know again what we made')
    if (seen.has(lower)) where.report(' is there twice: to IAM, upper and lower case are one')
    seen.add(lower)
    const key = parseAt(where, name, parseTagKey)
    const value = parsed(parseTagValue)(where)
    return key === undefined || value === undefined ? undefined : ([key, value] as const)
  })(at)
  return pairs && Object.fromEntries(pairs)
}

/** A tag of the role's own takes the place of a default one, also where they differ by case. */
function mergeTags(defaults: Tags, own: Tags): Tags {
  const taken = new Set(Object.keys(own).map((key) => key.toLowerCase()))
  const kept = Object.entries(defaults).filter(([key]) => !taken.has(key.toLowerCase()))
  return Object.fromEntries([...kept, ...Object.entries(own)])
}
