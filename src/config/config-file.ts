import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const SYSTEM_CONFIG_FILE = '/etc/admin/config.yaml'

/** The named file, else the first default that exists, else `null`. That a named file exists is for its reader to see. */
export function findConfigFile(named: string | undefined, home: string, environment: NodeJS.ProcessEnv): string | null {
  if (named !== undefined) return resolve(named)
  return [SYSTEM_CONFIG_FILE, ownConfigFile(home, environment)].find((file) => existsSync(file)) ?? null
}

export function ownConfigFile(home: string, environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'admin', 'config.yaml')
}

/** Whether only others than this user can see if there is one for the system. */
export function isSystemConfigHidden(file = SYSTEM_CONFIG_FILE): boolean {
  try {
    statSync(file)
    return false
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EACCES'
  }
}
