import { userInfo } from 'node:os'
import { isAbsolute } from 'node:path'

/**
 * Gives oclif and the AWS SDK the variables that they otherwise ask of the system's user database, which throws for a
 * uid without an entry, as in many containers. And keeps oclif from looking for a colour theme in the home directory:
 * root loads nothing from there, and that look alone starts the threads of Node's pool.
 *
 * Directories that are not absolute would make store, configuration and cache depend on where one stands: they are
 * ignored (XDG Base Directory Specification).
 */
export function completeEnvironment(environment: NodeJS.ProcessEnv): void {
  environment.ADMIN_DISABLE_THEME = '1'
  environment.SHELL ??= '/bin/sh'
  if (!isAbsolute(environment.HOME ?? '')) environment.HOME = homeOfUser()
  for (const name of ['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR']) {
    if (!isAbsolute(environment[name] ?? '')) delete environment[name]
  }
}

function homeOfUser(): string {
  try {
    return userInfo().homedir
  } catch {
    return '/nonexistent'
  }
}
