import type { Actor } from '../assignments/actor.ts'
import type { Username } from '../assignments/username.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { verifyGivenToken } from '../sessions/id-token.ts'
import { keptIdToken } from '../sessions/kept-token.ts'
import { LONGEST_TOKEN } from '../sso/check-token-shape.ts'
import { requireSso } from '../sso/sso-settings.ts'
import type { Store } from '../store/store.ts'
import { hostSessions } from './host-sessions.ts'
import { loginContext } from './load-login.ts'
import { keyLoader } from './load-sso.ts'
import { writeWarning } from './output.ts'
import { readInput } from './read-input.ts'

export interface TokenRequest {
  readonly username: Username
  readonly config: Config
  /** Where the configuration comes from. */
  readonly source: string
  readonly clock: Clock
  readonly actor: Actor
  /** How long it must still be good, in seconds. */
  readonly leastSeconds: number
}

/** That of the person's login, or a new one by their refresh token, which is applied like any login. */
export async function keptToken(store: Store, request: TokenRequest): Promise<string> {
  const { username, config, source, clock, actor, leastSeconds } = request
  const step = { clock, actor, reason: null }
  const context = loginContext(
    requireSso(config, source),
    step,
    hostSessions(store, clock, () => {}),
  )
  return keptIdToken(store, username, context, { leastSeconds, tell: writeWarning })
}

/** @throws AdminError NOT_FOUND_FILE, DENIED_FILE, USAGE_ARGUMENT */
export async function readGivenToken(file: string): Promise<string> {
  return (await readInput(file, LONGEST_TOKEN)).trim()
}

/** One that was handed over in a file or on stdin: verified, and not applied. */
export async function givenToken(store: Store, request: TokenRequest, token: string): Promise<string> {
  const { username, config, source, clock } = request
  const settings = requireSso(config, source)
  const user = await store.findUser(username)
  return verifyGivenToken(user, { token, username, settings, now: clock(), loadKeys: keyLoader(settings, clock) })
}
