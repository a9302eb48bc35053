import { homedir } from 'node:os'

/**
 * Gives oclif and the AWS SDK the variables that they otherwise ask of the system's user database, which throws for a
 * uid without an entry, as in many containers.
 */
export function completeEnvironment(environment: NodeJS.ProcessEnv): void {
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
