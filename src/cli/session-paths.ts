import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { sessionDirectory } from '../sessions/session-directory.ts'
import { cacheDirectory } from '../sso/cache-directory.ts'

export interface SessionPaths {
  /** `null` where this user has no place for token files. */
  readonly tokens: string | null
  readonly credentials: string
  /** That of this user alone, by default: the sessions of the system are elsewhere. */
  readonly isOwn: boolean
}

/** Where sessions of the user who runs us leave something. */
export function sessionPaths(environment: NodeJS.ProcessEnv): SessionPaths {
  const isRoot = process.getuid?.() === 0
  return {
    tokens: sessionDirectory(isRoot, environment),
    credentials: join(cacheDirectory(isRoot, homedir(), environment), 'credentials'),
    isOwn: !isRoot && !environment.ADMIN_SESSION_DIRECTORY,
  }
}

/** Two looks at the file system: what every change of an assignment can afford. */
export function hasSessions({ tokens, credentials }: SessionPaths): boolean {
  return (tokens !== null && existsSync(tokens)) || existsSync(credentials)
}
