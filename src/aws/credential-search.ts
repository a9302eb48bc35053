import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import { profileInUse } from './credential-source.ts'
import { isCredentialFailure, translate } from './errors.ts'
import { findProfile, keyFaults, type Profile, profileFiles } from './profile-files.ts'

/** Where the SDK looks, and what was typed, so that the advice can repeat it. */
export interface CredentialSearch {
  readonly environment: NodeJS.ProcessEnv
  readonly home: string
  readonly argv: readonly string[]
}

/** A search in which a profile may have been named by more than the environment. */
interface Search extends CredentialSearch {
  readonly profile: string | null
}

const KEY_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const

const HANDED_OVER =
  'AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN,AWS_PROFILE,AWS_REGION,AWS_CONFIG_FILE,AWS_SHARED_CREDENTIALS_FILE'

/**
 * What went wrong before anybody was asked who acts: with the search for credentials, or with what they are fetched with.
 * Throttling and silence of AWS are left to {@link translate}.
 */
export function explainCredentialFailure(
  failure: unknown,
  searched: CredentialSearch,
  profile: string | null,
  region: string,
): unknown {
  const search = { ...searched, profile }
  if (isCredentialFailure(failure)) return noCredentials(failure, search)
  if (isFileFailure(failure)) return unreadable(failure, search)
  const attempt = { action: 'the fetching of credentials', resource: null, caller: null, region }
  const error = translate(failure, attempt)
  if (!(error instanceof AdminError) || error.code === 'UNAVAILABLE_AWS' || error.code === 'DENIED_AWS_CREDENTIALS')
    return error
  // Whatever else AWS answers, as to a token file or to the role of a profile: these credentials are not to be had.
  return new AdminError('DENIED_AWS_CREDENTIALS', `${profileWords(search)}: ${String(error.details.awsMessage)}`, {
    details: error.details,
    cause: failure,
  })
}

/**
 * Says where credentials were looked for and not found. The SDK gives the same sentence for a misspelt profile, for one
 * that fails and for no credentials at all, and `sudo` both changes the home directory and drops `AWS_*`.
 */
function noCredentials(failure: Error, search: Search): AdminError {
  const files = profileFiles(search.environment, search.home)
  const name = profileInUse(search.environment, search.profile)
  const profile = findProfile(files, name)
  const lines = [
    headline(failure, search, profile),
    ...profileLines(profile, files),
    ...keyFaults(files, name),
    placesWords(search, files),
    ...sudoLines(search),
  ]
  return new AdminError('DENIED_AWS_CREDENTIALS', lines.join('\n'), {
    suggestions: sudoUser(search) === null ? nextSteps(search, name, profile) : sudoCommands(search),
    details: { profile: search.profile ?? search.environment.AWS_PROFILE ?? null, files },
    cause: isOfProcess(failure) ? undefined : failure,
  })
}

/** The SDK repeats the command line of a credential_process and all that it wrote to stderr: there may be secrets. */
function isOfProcess({ message }: Error): boolean {
  return /command failed/i.test(message)
}

function headline(failure: Error, search: Search, profile: Profile | null): string {
  const { message } = failure
  const { AWS_PROFILE: named } = search.environment
  if (search.profile !== null && profile === null) return `there is no profile ${quote(search.profile)}`
  if (named && profile === null) return `AWS_PROFILE names the profile ${quote(named)}, and no file has it`
  const isGeneral = /could not (load credentials from any providers|resolve credentials using profile)/i.test(message)
  if (!isGeneral && !isOfProcess(failure)) return `${profileWords(search, profile)}: ${message}`
  return profile === null
    ? `there are no AWS credentials${halfWords(search)}`
    : `the profile ${quote(profileInUse(search.environment, search.profile))} gives no credentials`
}

function halfWords(search: Search): string {
  const missing = missingVariable(search)
  return missing === null ? '' : `: ${missing} is missing in the environment, which has the other half of the pair`
}

/** The SDK takes half a pair of keys for none. */
function missingVariable({ environment, profile }: Search): (typeof KEY_VARIABLES)[number] | null {
  if (profile !== null || environment.AWS_PROFILE) return null
  const missing = KEY_VARIABLES.filter((name) => !environment[name])
  return missing.length === 1 ? (missing[0] ?? null) : null
}

function profileWords(search: Search, profile?: Profile | null): string {
  const name = profileInUse(search.environment, search.profile)
  const found = profile === undefined ? findProfile(profileFiles(search.environment, search.home), name) : profile
  return found === null
    ? 'the AWS credentials could not be loaded'
    : `the AWS credentials of the profile ${quote(name)} could not be loaded`
}

function profileLines(profile: Profile | null, files: readonly string[]): readonly string[] {
  if (profile === null) return []
  const { hasProcess, sourceProfile } = profile
  const isSourceMissing = sourceProfile !== null && findProfile(files, sourceProfile) === null
  return [
    ...(hasProcess ? ['its credential_process failed, or printed no credentials'] : []),
    ...(isSourceMissing ? [`its source_profile is ${quote(sourceProfile)}, and no file has that`] : []),
  ]
}

/** A profile that was named falls back on nothing. */
function placesWords(search: Search, files: readonly string[]): string {
  if (search.profile !== null) return `looked in ${files.join(', ')}`
  return `looked in ${keyWords(search)}${files.join(', ')}, web identity, container and instance metadata`
}

/** The SDK passes over the keys where a profile is named, other than the AWS CLI. */
function keyWords({ environment }: CredentialSearch): string {
  const { AWS_PROFILE: profile, AWS_ACCESS_KEY_ID: key } = environment
  if (!profile) return 'the environment (AWS_ACCESS_KEY_ID), '
  return key ? '(not at AWS_ACCESS_KEY_ID: AWS_PROFILE is set and goes first) ' : ''
}

function nextSteps(search: Search, name: string, profile: Profile | null): readonly string[] {
  if (profile?.hasSso) return [`aws sso login --profile ${shellQuote(name)}`]
  if (profile !== null) return [`aws sts get-caller-identity --profile ${shellQuote(name)}`]
  if (search.profile !== null) return ['aws configure list-profiles', `aws configure --profile ${shellQuote(name)}`]
  const missing = missingVariable(search)
  if (missing !== null) return [`export ${missing}`]
  return [`AWS_PROFILE=NAME ${typedCommand(search)}`, 'aws sso login', 'aws configure']
}

type FileFailure = Error & { readonly code: string; readonly path?: string }

/** The token files of web identity and containers are the only ones whose absence the SDK does not take silently. */
function isFileFailure(failure: unknown): failure is FileFailure {
  return (
    failure instanceof Error && 'code' in failure && /^E(NOENT|ACCES|PERM|ISDIR|NOTDIR|LOOP)$/.test(`${failure.code}`)
  )
}

function unreadable(failure: FileFailure, { environment }: CredentialSearch): AdminError {
  const { AWS_WEB_IDENTITY_TOKEN_FILE: webIdentity, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: container } = environment
  const file = failure.path ?? webIdentity ?? container ?? null
  const names = { AWS_WEB_IDENTITY_TOKEN_FILE: webIdentity, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: container }
  const variable = Object.entries(names).find(([, value]) => value !== undefined && value === file)?.[0]
  const whose = variable === undefined ? 'the token file' : `${variable} names ${quote(file ?? '')}; the token file`
  const which = variable === undefined && file !== null ? ` ${quote(file)}` : ''
  const message = `${whose}${which} of the AWS credentials cannot be read: ${failure.code}`
  return new AdminError('DENIED_AWS_CREDENTIALS', message, { details: { file }, cause: failure })
}

function sudoLines(search: CredentialSearch): readonly string[] {
  const user = sudoUser(search)
  if (user === null) return []
  return [
    `sudo drops the variables AWS_* and works in ${search.home}; the files of ${quote(user)} in ${join(homeOf(user), '.aws')} were not read`,
  ]
}

function sudoCommands(search: CredentialSearch): readonly string[] {
  const user = sudoUser(search)
  if (user === null) return []
  const command = typedCommand(search)
  const directory = join(homeOf(user), '.aws')
  return [
    `sudo --preserve-env=${HANDED_OVER} ${command}`,
    `sudo AWS_SHARED_CREDENTIALS_FILE=${shellQuote(join(directory, 'credentials'))} AWS_CONFIG_FILE=${shellQuote(join(directory, 'config'))} ${command}`,
  ]
}

function typedCommand({ argv }: CredentialSearch): string {
  return `admin ${argv.map(shellQuote).join(' ')}`
}

function sudoUser({ environment }: CredentialSearch): string | null {
  const user = environment.SUDO_USER
  return user === undefined || user === '' || user === 'root' ? null : user
}

function homeOf(user: string): string {
  try {
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([name]) => name === user)
    return entry?.[5] || join('/home', user)
  } catch {
    return join('/home', user)
  }
}
