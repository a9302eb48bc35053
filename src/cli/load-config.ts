import { homedir } from 'node:os'
import type { Config } from '../config/config.ts'
import { findConfigFile, ownConfigFile, SYSTEM_CONFIG_FILE } from '../config/config-file.ts'
import { refuseEmpty } from './flags.ts'

export interface LoadedConfig {
  /** Empty where there is no file and none was named. */
  readonly config: Config
  /** The file, or, where there is none, where it was looked for. */
  readonly source: string
}

/** @param named `--config` or `ADMIN_CONFIG` */
export async function loadConfig(named: string | undefined): Promise<LoadedConfig> {
  if (named !== undefined) refuseEmpty('--config', named)
  const file = findConfigFile(named, homedir(), process.env)
  if (file === null) {
    const own = ownConfigFile(homedir(), process.env)
    return { config: {}, source: `${SYSTEM_CONFIG_FILE} or ${own}, neither of which is there` }
  }
  const { readConfig } = await import('../config/read-config.ts')
  const isOfVariable = named !== undefined && named === process.env.ADMIN_CONFIG
  return { config: await readConfig(file, isOfVariable ? 'ADMIN_CONFIG' : null), source: file }
}
