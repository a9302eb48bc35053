import { basename } from 'node:path'
import type { SsoConfig } from '../config/config.ts'
import { AdminError } from '../errors.ts'
import { type AccountId, parseAccountId } from '../iam/account-id.ts'
import { parseClientId } from '../iam/client-id.ts'
import { parseTrustedIssuer } from '../iam/oidc-provider.ts'
import { parseProfileName } from '../iam/profile-name.ts'
import { parseRegion } from '../iam/region.ts'
import { parseRoleName } from '../iam/role-name.ts'
import { parseSpecName } from '../provisioning/spec/spec-name.ts'
import type { StarterSettings } from '../provisioning/spec/starter-spec.ts'
import { optionally, parseAll } from './parse-all.ts'
import { askText } from './prompts.ts'

export interface StarterFlags {
  readonly name?: string | undefined
  readonly issuer?: string | undefined
  readonly 'client-id'?: string | undefined
  readonly account?: string | undefined
  readonly profile?: string | undefined
  readonly region?: string | undefined
  readonly role?: string | undefined
}

const DEFAULT_NAME = 'workbench'
const USUAL_FILE = 'provision.yaml'
const DEFAULT_ROLE = 'data-scientist'

/**
 * What a first spec must be told: from the flags, then from `sso:` of the configuration; the rest is asked for where there
 * is somebody to ask.
 *
 * @throws AdminError USAGE_FLAG where something is missing and nobody is there; what the parsers refuse
 */
export async function starterSettings(
  flags: StarterFlags,
  file: string,
  sso: SsoConfig | undefined,
  isAsking: boolean,
): Promise<StarterSettings> {
  const given = parseAll({
    name: () => parseSpecName(flags.name ?? nameAfter(file)),
    issuer: () => optionally(flags.issuer, parseTrustedIssuer),
    clientId: () => optionally(flags['client-id'], parseClientId),
    account: () => optionally(flags.account, parseAccountId),
    profile: () => optionally(flags.profile, parseProfileName) ?? null,
    region: () => optionally(flags.region, parseRegion) ?? null,
    role: () => optionally(flags.role, parseRoleName),
  })
  const known = { issuer: flags.issuer ?? sso?.issuer, 'client-id': flags['client-id'] ?? sso?.clientId }
  if (!isAsking) refuseMissing(known)
  const obtain = isAsking ? ask : takeDefault
  const settings = {
    ...given,
    issuer: given.issuer ?? (await obtain('Issuer, the iss of the ID tokens:', parseTrustedIssuer, known.issuer)),
    clientId: given.clientId ?? (await obtain('Client id, their aud:', parseClientId, known['client-id'])),
    account: given.account ?? (await obtain('AWS account (empty: that of the credentials):', parseAccount, '')),
    role: given.role ?? (await obtain('Name of the first role:', parseRoleName, DEFAULT_ROLE)),
  }
  refuseAccessAlone(settings)
  return settings
}

/** Two specs of one name would take each other's roles for leftovers. */
function nameAfter(file: string): string {
  const name = basename(file)
  if (file === '-' || name === USUAL_FILE) return DEFAULT_NAME
  return name.replace(/\.ya?ml$/i, '').replace(/[^\w.-]+/g, '-') || DEFAULT_NAME
}

function refuseMissing(known: Readonly<Record<string, string | undefined>>): void {
  const missing = Object.keys(known).filter((flag) => known[flag] === undefined)
  if (missing.length === 0) return
  const flags = missing.map((flag) => `--${flag}`).join(' and ')
  const message = `missing ${flags}; neither the configuration file nor anybody at a terminal says it`
  const suggestions = ['admin provision init --issuer https://sso.example.com --client-id workbench']
  throw new AdminError('USAGE_FLAG', message, { suggestions })
}

async function ask<T>(message: string, parse: (text: string) => T, initial = ''): Promise<T> {
  return parse(await askText({ message, initial, problemOf: (text) => problemOf(text, parse) }))
}

async function takeDefault<T>(_: string, parse: (text: string) => T, initial = ''): Promise<T> {
  return parse(initial)
}

function problemOf(text: string, parse: (text: string) => unknown): string | null {
  try {
    parse(text)
    return null
  } catch (error) {
    if (error instanceof AdminError) return error.message
    throw error
  }
}

function parseAccount(text: string): AccountId | null {
  return text === '' ? null : parseAccountId(text)
}

function refuseAccessAlone({ account, profile, region }: StarterSettings): void {
  if (account !== null || (profile === null && region === null)) return
  const flag = profile === null ? '--region' : '--profile'
  throw new AdminError('USAGE_FLAG', `${flag} says how to get into an account; give --account too`)
}
