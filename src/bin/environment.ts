import { homedir } from 'node:os'

/**
 * Gives oclif and the AWS SDK the variables that they otherwise ask of the system's user database, which throws for a
 * uid without an entry, as in many containers. And keeps oclif from looking for a colour theme in the home directory:
 * root loads nothing from there, and that look alone starts the threads of Node's pool.
 */
export function completeEnvironment(environment: NodeJS.ProcessEnv): void {
  environment.ADMIN_DISABLE_THEME = '1'
  environment.SHELL ??= '/bin/sh'
  environment.HOME ??= homeOfUser()
}

function homeOfUser(): string {
  try {
    return homedir()
  } catch {
    return '/nonexistent'
  }
}
