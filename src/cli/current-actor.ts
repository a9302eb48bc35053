import { hostname, userInfo } from 'node:os'
import type { Actor } from '../assignments/actor.ts'
import { usernameProblem } from '../assignments/username.ts'

/**
 * Who is running this command. `SUDO_USER` counts only for root: anybody else could set it to any name. What cannot be
 * a user name is not believed.
 */
export function currentActor(environment: NodeJS.ProcessEnv): Actor {
  const uid = process.getuid?.() ?? -1
  const { SUDO_USER: sudoUser, SUDO_UID: sudoUid } = environment
  if (uid === 0 && sudoUser !== undefined && usernameProblem(sudoUser) === null) {
    return { name: sudoUser, uid: /^\d{1,10}$/.test(sudoUid ?? '') ? Number(sudoUid) : uid, host: hostname() }
  }
  return { name: loginName(uid), uid, host: hostname() }
}

/** By the system's user database, where the uid has an entry; an environment variable proves nothing. */
function loginName(uid: number): string {
  try {
    return userInfo().username
  } catch {
    return `uid:${uid}`
  }
}
