import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CredentialSearch } from './credential-search.ts'
import { profileInUse } from './credential-source.ts'
import type { OpenClients } from './open-account.ts'
import { findProfile, profileFiles } from './profile-files.ts'

/**
 * Tells callers apart without asking AWS: a digest of all that their credentials come from. Two runs with the same digest
 * act as the same identity; what is renewed or changed, be it a token, a key or a line of a file, makes another one.
 *
 * @returns `null` where what is on this machine does not decide: a `credential_process`, a container or an instance may
 * hand out those of another role from one minute to the next
 */
export function localCallerDigest(search: CredentialSearch, profile: string | null): string | null {
  const material = materialOf(search, profile)
  return material === null ? null : digest(material)
}

/** The same for credentials that were fetched: an access key belongs to one user, or to one session of a role. */
export async function fetchedCallerDigest(
  { credentials, clients }: Pick<OpenClients, 'credentials' | 'clients'>,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = await credentials()
  return digest(['keys', accessKeyId, secretAccessKey, sessionToken, clients.region, ...variablesOf(environment)])
}

type Material = readonly string[]

/** Region and endpoints are part of it: the same name is another cluster there. */
function materialOf(search: CredentialSearch, profile: string | null): Material | null {
  const { environment, home } = search
  const files = profileFiles(environment, home)
  if (!isDecidedHere(search, profile, files)) return null
  return [
    profile === null ? 'ambient' : `profile ${profile}`,
    ...variablesOf(environment),
    ...[...files, ...tokenFiles(files, environment), ...signInFiles(home)].flatMap((file) => [file, textOf(file)]),
  ]
}

/** In the order in which the SDK looks (AWS SDK for JavaScript v3, credential-provider-node, defaultProvider). */
function isDecidedHere({ environment }: CredentialSearch, profile: string | null, files: readonly string[]): boolean {
  const { AWS_PROFILE: ambient, AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = environment
  if (profile === null && !ambient && key && secret) return true
  const origin = originOf(files, profileInUse(environment, profile))
  if (origin !== 'none') return origin === 'here'
  return profile === null && Boolean(environment.AWS_WEB_IDENTITY_TOKEN_FILE && environment.AWS_ROLE_ARN)
}

/** Where the credentials of a profile come from: files that are here, nowhere, or from where nobody knows. */
type Origin = 'here' | 'none' | 'unknown'

function originOf(files: readonly string[], name: string, seen: readonly string[] = []): Origin {
  const profile = findProfile(files, name)
  if (profile === null) return 'none'
  const { hasKeys, hasLogin, hasProcess, hasRole, hasSso, hasTokenFile, sourceProfile } = profile
  if (seen.includes(name)) return hasKeys ? 'here' : 'unknown'
  if (hasRole && sourceProfile !== null)
    return originOf(files, sourceProfile, [...seen, name]) === 'here' ? 'here' : 'unknown'
  if (hasRole) return hasTokenFile ? 'here' : 'unknown'
  if (hasKeys) return 'here'
  if (hasProcess || hasLogin) return 'unknown'
  return hasSso ? 'here' : 'none'
}

function tokenFiles(
  files: readonly string[],
  { AWS_WEB_IDENTITY_TOKEN_FILE: ambient }: NodeJS.ProcessEnv,
): readonly string[] {
  const lines = files.flatMap((file) => [...textOf(file).matchAll(/^\s*web_identity_token_file\s*=\s*(.+?)\s*$/gm)])
  return [...(ambient ? [ambient] : []), ...lines.map(([, file = '']) => file)]
}

/** The tokens of `aws sso login`: another person may have signed in meanwhile. */
function signInFiles(home: string): readonly string[] {
  const directory = join(home, '.aws', 'sso', 'cache')
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(directory, name))
  } catch {
    return []
  }
}

/** All of AWS but what has nothing to say about who asks and where: rather one call too many than a wrong answer. */
function variablesOf(environment: NodeJS.ProcessEnv): Material {
  return Object.entries(environment)
    .filter(
      ([name]) =>
        /^AWS_/.test(name) && !/^AWS_(MAX_ATTEMPTS|RETRY_MODE|PAGER|EXECUTION_ENV|DEFAULT_OUTPUT)$/.test(name),
    )
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, value = '']) => [name, value])
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Each part with its length, so that no two lists look the same. */
function digest(parts: Material): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`)
  return hash.digest('hex')
}
