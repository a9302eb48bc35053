import type { Clock } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { credentialCache } from '../sessions/credential-cache.ts'
import type { SessionPlaces } from '../sessions/end-sessions.ts'
import { type SessionFiles, sessionFiles } from '../sessions/session-files.ts'
import { withProcessLock } from '../store/sqlite/process-lock.ts'
import type { SessionPaths } from './session-paths.ts'

/** @throws AdminError NOT_FOUND_FILE where this user has no place for token files */
export function openSessionFiles({ tokens }: SessionPaths): SessionFiles {
  if (tokens !== null) return sessionFiles(tokens, withProcessLock)
  throw new AdminError(
    'NOT_FOUND_FILE',
    'there is no place for token files: XDG_RUNTIME_DIR is not set\nroot keeps those of everybody in /run/admin/sessions; another place is named by ADMIN_SESSION_DIRECTORY',
    { details: { isOwn: true } },
  )
}

export function openSessionPlaces(paths: SessionPaths, clock: Clock): SessionPlaces {
  const cache = credentialCache(paths.credentials, clock, withProcessLock)
  // Where there is no place, there is nothing to end.
  return { cache, files: sessionFiles(paths.tokens ?? '/nonexistent', withProcessLock) }
}
