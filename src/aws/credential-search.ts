import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'

/** Where the SDK looks, and what was typed, so that the advice can repeat it. */
export interface CredentialSearch {
  readonly environment: NodeJS.ProcessEnv
  readonly home: string
  readonly argv: readonly string[]
}

const HANDED_OVER =
  'AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN,AWS_PROFILE,AWS_REGION,AWS_CONFIG_FILE,AWS_SHARED_CREDENTIALS_FILE'

/**
 * Says where credentials were looked for and not found. The SDK gives the same sentence for a misspelt profile and for
 * no credentials at all, and `sudo` both changes the home directory and drops `AWS_*`.
 */
export async function noCredentials(failure: Error, search: CredentialSearch): Promise<AdminError> {
  const files = credentialFiles(search)
  const profile = search.environment.AWS_PROFILE
  const lines = [
    headline(failure, profile, files),
    `looked in the environment (AWS_ACCESS_KEY_ID), ${files.join(', ')}, web identity, container and instance metadata`,
    ...sudoLines(search),
  ]
  return new AdminError('DENIED_AWS_CREDENTIALS', lines.join('\n'), {
    suggestions: sudoCommands(search),
    details: { profile: profile ?? null, files },
    cause: failure,
  })
}

function headline({ message }: Error, profile: string | undefined, files: readonly string[]): string {
  if (profile !== undefined && profile !== '' && !files.some((file) => hasProfile(file, profile))) {
    return `AWS_PROFILE names the profile ${quote(profile)}, and no file has it`
  }
  const isGeneric = /could not load credentials from any providers/i.test(message)
  return isGeneric ? 'there are no AWS credentials' : `the AWS credentials could not be loaded: ${message}`
}

function credentialFiles({ environment, home }: CredentialSearch): readonly string[] {
  const { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials } = environment
  return [credentials || join(home, '.aws', 'credentials'), config || join(home, '.aws', 'config')]
}

function hasProfile(file: string, profile: string): boolean {
  try {
    const heads = readFileSync(file, 'utf8').matchAll(/^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/gm)
    return [...heads].some(([, name]) => name === profile)
  } catch {
    return false
  }
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
  const command = `admin ${search.argv.map(shellQuote).join(' ')}`
  const directory = join(homeOf(user), '.aws')
  return [
    `sudo --preserve-env=${HANDED_OVER} ${command}`,
    `sudo AWS_SHARED_CREDENTIALS_FILE=${shellQuote(join(directory, 'credentials'))} AWS_CONFIG_FILE=${shellQuote(join(directory, 'config'))} ${command}`,
  ]
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
