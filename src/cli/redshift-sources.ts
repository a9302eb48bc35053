import { homedir } from 'node:os'
import { join } from 'node:path'
import type { OpenClients } from '../aws/open-account.ts'
import type { Clock } from '../clock.ts'
import type { RedshiftSources } from '../databases/redshift/redshift-credentials.ts'
import type { UrlSources } from '../databases/redshift/redshift-url.ts'
import { credentialCache, type ProcessLock } from '../sessions/credential-cache.ts'
import { cacheDirectory } from '../sso/key-cache.ts'
import { writeWarning } from './output.ts'
import type { ParsedLogin } from './redshift-flags.ts'

export interface RedshiftWiring extends RedshiftSources, UrlSources {
  readonly close: () => Promise<void>
}

/** AWS is opened where it is first needed: what the cache has costs no client, and no search for credentials. */
export function redshiftSources(
  { login, profile }: ParsedLogin,
  options: { readonly isCached: boolean; readonly clock: Clock; readonly note: (text: string) => void },
): RedshiftWiring {
  const search = { environment: process.env, home: homedir(), argv: process.argv.slice(2) }
  let opened: Promise<OpenClients> | undefined
  const open = () => {
    opened ??= openClients(login.region, profile, search, options.note)
    return opened
  }
  return {
    cache: options.isCached ? cacheOf(options.clock) : null,
    callerDigest: async () => {
      const { fetchedCallerDigest, localCallerDigest } = await import('../aws/caller-digest.ts')
      return localCallerDigest(search, profile) ?? fetchedCallerDigest(await open(), search.environment)
    },
    access: async () => {
      const { redshiftAccess } = await import('../aws/redshift-access.ts')
      return redshiftAccess(await open(), search.environment)
    },
    region: async () => {
      const { requireRegion } = await import('../aws/region.ts')
      return requireRegion(search, { region: login.region, profile, assumeRole: null })
    },
    close: async () => (await opened?.catch(() => undefined))?.close(),
  }
}

async function openClients(
  region: string | null,
  profile: string | null,
  search: { readonly environment: NodeJS.ProcessEnv; readonly home: string; readonly argv: readonly string[] },
  note: (text: string) => void,
): Promise<OpenClients> {
  const { keepNurserySmall } = await import('./keep-nursery-small.ts')
  await keepNurserySmall()
  const [aws, { tellRetries }] = await Promise.all([import('../aws/open-account.ts'), import('./tell-retries.ts')])
  const access = { profile, assumeRole: null, externalId: null, region, actor: '' }
  return aws.openClients(search, access, tellRetries(note))
}

function cacheOf(clock: Clock) {
  const directory = cacheDirectory(process.getuid?.() === 0, homedir(), process.env)
  const lock: ProcessLock = async (file, work) => {
    const { withProcessLock } = await import('../store/sqlite/process-lock.ts')
    return withProcessLock(file, work)
  }
  return credentialCache(join(directory, 'credentials'), clock, lock, writeWarning)
}
