import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from '../iam/quote.ts'

/** Where profiles are kept: `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`, else in the home directory. */
export function profileFiles(environment: NodeJS.ProcessEnv, home: string): readonly string[] {
  const { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials } = environment
  return [credentials || join(home, '.aws', 'credentials'), config || join(home, '.aws', 'config')]
}

/** What the files say of a profile, never its values of keys that are secrets: `null` where none has it. */
export interface Profile {
  readonly hasKeys: boolean
  readonly hasLogin: boolean
  readonly hasProcess: boolean
  readonly hasRole: boolean
  readonly hasSso: boolean
  readonly hasTokenFile: boolean
  readonly sourceProfile: string | null
  readonly region: string | null
}

export function findProfile(files: readonly string[], name: string): Profile | null {
  const sections = files.flatMap(sectionsOf).filter((section) => section.name === name)
  if (sections.length === 0) return null
  const body = sections.map((section) => section.body).join('\n')
  return {
    hasKeys: /^\s*aws_access_key_id\s*=/m.test(body),
    hasLogin: /^\s*login_session\s*=/m.test(body),
    hasProcess: /^\s*credential_process\s*=/m.test(body),
    hasRole: /^\s*role_arn\s*=/m.test(body),
    hasSso: /^\s*sso_(session|start_url)\s*=/m.test(body),
    hasTokenFile: /^\s*web_identity_token_file\s*=/m.test(body),
    sourceProfile: /^\s*source_profile\s*=\s*(\S+)/m.exec(body)?.[1] ?? null,
    region: /^\s*region\s*=\s*(\S+)/m.exec(body)?.[1] ?? null,
  }
}

/** What keeps keys in the files from being found: half a pair in a profile, or keys outside of any section. */
export function keyFaults(files: readonly string[], name: string): readonly string[] {
  return [...halfPairs(files, name), ...files.flatMap(outsideOfSections)]
}

/** The files complement each other: a pair may be spread over both. */
function halfPairs(files: readonly string[], name: string): readonly string[] {
  const places = files.flatMap((file) =>
    sectionsOf(file).flatMap((section) => (section.name === name ? keysIn(section.body, file) : [])),
  )
  const [first] = places
  if (first === undefined || places.some(({ key }) => key !== first.key)) return []
  const other = KEYS.find((key) => key !== first.key)
  return [`the profile ${quote(name)} in ${first.file} has ${first.key}, and ${other} is missing`]
}

function keysIn(body: string, file: string): readonly { readonly key: string; readonly file: string }[] {
  return KEYS.filter((key) => new RegExp(`^\\s*${key}\\s*=[^\\S\\n]*\\S`, 'm').test(body)).map((key) => ({ key, file }))
}

function outsideOfSections(file: string): readonly string[] {
  const [outside = ''] = textOf(file).split(/^\s*\[/m)
  return keysIn(outside, file)
    .slice(0, 1)
    .map(({ key }) => `${file} has ${key} outside of any section: a line [default] must stand above it`)
}

const KEYS = ['aws_access_key_id', 'aws_secret_access_key'] as const

function sectionsOf(file: string): readonly { readonly name: string; readonly body: string }[] {
  const [, ...parts] = textOf(file).split(/^\s*\[\s*(?:profile\s+)?["']?([^\]"'\n]+?)["']?\s*\]/m)
  return parts.flatMap((name, index) => (index % 2 === 0 ? [{ name, body: parts[index + 1] ?? '' }] : []))
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
