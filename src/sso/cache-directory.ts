import { join } from 'node:path'

/** One for the system where root runs us, one of their own for everybody else. */
export function cacheDirectory(isRoot: boolean, home: string, environment: NodeJS.ProcessEnv): string {
  const named = environment.ADMIN_CACHE_DIRECTORY
  if (named) return named
  return isRoot ? '/var/cache/admin' : join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'admin')
}
