import { join, resolve } from 'node:path'

/** Where the token files of sessions are on this host; `null` where this user has no place for them. */
export function sessionDirectory(isRoot: boolean, environment: NodeJS.ProcessEnv): string | null {
  const { ADMIN_SESSION_DIRECTORY: named, XDG_RUNTIME_DIR: runtime } = environment
  if (named) return resolve(named)
  if (isRoot) return '/run/admin/sessions'
  return runtime ? join(runtime, 'admin', 'sessions') : null
}
