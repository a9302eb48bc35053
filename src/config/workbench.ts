import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AdminError } from '../errors.ts'
import { parseIssuer } from '../iam/issuer.ts'
import { quote } from '../iam/quote.ts'
import { defaultClaimRules, type SsoConfig } from './config.ts'
import { explainReadFailure } from './read-failure.ts'

export const WORKBENCH_DIRECTORY = '/etc/rstudio'

/** What Workbench asks for where `auth-openid-scopes` is not set (Posit Workbench administration guide, "OpenID Connect"). */
const WORKBENCH_SCOPES: readonly string[] = ['openid', 'profile', 'email']

/** The section `sso` of our configuration as a Workbench host has it. */
export interface WorkbenchSso extends SsoConfig {
  readonly files: { readonly server: string; readonly secret: string }
}

/**
 * Reads `rserver.conf` and the client id out of `openid-client-secret`. The secret beside it is never looked at.
 *
 * @throws AdminError NOT_FOUND_FILE, DENIED_FILE, INVALID_CONFIG
 */
export function readWorkbench(directory: string): WorkbenchSso {
  const files = { server: join(directory, 'rserver.conf'), secret: join(directory, 'openid-client-secret') }
  const settings = ['auth-openid-issuer', 'auth-openid-scopes', 'auth-openid-username-claim'] as const
  const server = readSettings(files.server, settings)
  const issuer = requireSetting(server, 'auth-openid-issuer', files.server)
  checkIssuer(issuer, files.server)
  const clientId = requireSetting(readSettings(files.secret, ['client-id']), 'client-id', files.secret)
  const scopes = server
    .get('auth-openid-scopes')
    ?.split(/[\s,]+/)
    .filter((scope) => scope !== '')
  return {
    issuer,
    clientId,
    ...defaultClaimRules,
    usernameClaim: server.get('auth-openid-username-claim') || defaultClaimRules.usernameClaim,
    scopes: scopes === undefined || scopes.length === 0 ? WORKBENCH_SCOPES : scopes,
    allowInsecureLoopback: false,
    files,
  }
}

/** The wanted `key=value` lines of a file; every other line is passed over unread. */
function readSettings(file: string, wanted: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of readText(file).split(/\r?\n/)) {
    const [, key = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (!wanted.includes(key)) continue
    const before = found.get(key)
    if (before !== undefined && before !== value)
      throw invalid(file, key, `is there twice, as ${quote(before)} and as ${quote(value)}`)
    found.set(key, value)
  }
  return found
}

function requireSetting(settings: ReadonlyMap<string, string>, key: string, file: string): string {
  const value = settings.get(key)
  if (value === undefined) throw invalid(file, key, 'is missing')
  if (value === '') throw invalid(file, key, 'is empty')
  return value
}

function checkIssuer(issuer: string, file: string): void {
  try {
    parseIssuer(issuer)
  } catch (error) {
    throw invalid(file, 'auth-openid-issuer', `does not fit: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function invalid(file: string, key: string, problem: string): AdminError {
  return new AdminError('INVALID_CONFIG', `${file}: ${key} ${problem}`, { details: { file, key } })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw explainReadFailure(error, `file ${file} of Posit Workbench`)
  }
}
