import { homedir } from 'node:os'
import type { Clock } from '../clock.ts'
import { issuerKeys } from '../sso/issuer-keys.ts'
import { cacheDirectory, keyCache } from '../sso/key-cache.ts'
import type { SsoSettings } from '../sso/sso-settings.ts'

/** The keys of the issuer, through the cache of the user who runs us. */
export function keyLoader(settings: SsoSettings, clock: Clock) {
  const directory = cacheDirectory(process.getuid?.() === 0, homedir(), process.env)
  return () => issuerKeys(settings, keyCache(directory), clock())
}
