import { homedir } from 'node:os'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { findConfigFile, ownConfigFile, SYSTEM_CONFIG_FILE } from '../config/config-file.ts'
import { readConfig } from '../config/read-config.ts'
import { issuerKeys } from '../sso/issuer-keys.ts'
import { cacheDirectory, keyCache } from '../sso/key-cache.ts'
import type { SsoSettings } from '../sso/sso-settings.ts'
import type { GlobalFlags } from './base-command.ts'

export interface LoadedConfig {
  readonly config: Config
  /** The file, or, where there is none, where it was looked for. */
  readonly source: string
}

/** The configuration together with where it comes from, for commands that cannot do without it. */
export async function loadConfigWithSource(flags: GlobalFlags): Promise<LoadedConfig> {
  const file = findConfigFile(flags.config, homedir(), process.env)
  if (file !== null) return { config: await readConfig(file), source: file }
  const own = ownConfigFile(homedir(), process.env)
  return { config: {}, source: `${SYSTEM_CONFIG_FILE} or ${own}, neither of which is there` }
}

/** The keys of the issuer, through the cache of the user who runs us. */
export function keyLoader(settings: SsoSettings, clock: Clock) {
  const directory = cacheDirectory(process.getuid?.() === 0, homedir(), process.env)
  return () => issuerKeys(settings, keyCache(directory), clock())
}
