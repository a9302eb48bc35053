import type { Username } from '../assignments/username.ts'
import { toEpochSeconds } from '../clock.ts'
import { noLogin, withClaimedTokens } from './claimed-tokens.ts'
import type { LoginContext, LoginStore } from './login-context.ts'
import { openKept, otherSubject, refreshClaimed } from './refresh.ts'
import type { LoginTokens } from './seal-tokens.ts'

export type FreshIdToken = (
  store: LoginStore,
  username: Username,
  context: LoginContext,
  leastSeconds: number,
) => Promise<string>

/**
 * Answers an ID token of the person that is good for so much longer: the one that is kept, else a new one by their
 * refresh token, which is applied like any login, but gives nobody roles who has none. So ask for it first, and for what
 * the person may use afterwards.
 *
 * @param leastSeconds how long it must still be good
 * @throws AdminError NOT_FOUND_LOGIN where they have not logged in here, and what `refreshLogin` throws
 */
export const freshIdToken: FreshIdToken = async (store, username, context, leastSeconds) => {
  const kept = await store.findTokens(username)
  if (kept === null) throw noLogin(username)
  const isFresh = async (tokens: LoginTokens) =>
    toEpochSeconds(tokens.idTokenExpiresAt) - toEpochSeconds(context.clock()) >= leastSeconds &&
    (await otherSubject(store, username, tokens)) === null
  const tokens = openKept(kept, context)
  if (await isFresh(tokens)) return tokens.idToken
  return withClaimedTokens(store, username, async (claimed) => {
    const meanwhile = openKept(claimed.tokens, context)
    if (await isFresh(meanwhile)) return meanwhile.idToken
    return (await refreshClaimed(store, claimed, { ...context, givesRoles: false })).idToken
  })
}
