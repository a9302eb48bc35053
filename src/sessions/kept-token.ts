import type { Username } from '../assignments/username.ts'
import { type Clock, toEpochSeconds } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { noLogin } from '../sso/claimed-tokens.ts'
import { freshIdToken } from '../sso/fresh-id-token.ts'
import type { LoginContext, LoginStore } from '../sso/login-context.ts'
import { openKept } from '../sso/refresh.ts'
import type { LoginTokens } from '../sso/seal-tokens.ts'
import { lifetimeOfToken, requireLength } from './id-token.ts'

/** Seconds that a token must still be good for where it cannot be renewed: to begin a session is worth it. */
const STILL_GOOD = 120

export interface KeptTokenRequest {
  /** How long it must still be good; for a short-lived one a quarter of its time is enough. */
  readonly leastSeconds: number
  /** Says that the token could not be renewed. */
  readonly tell: (warning: string) => void
}

/**
 * The ID token of the person's login, renewed where it ends soon. Where that cannot be done, the one that is kept serves
 * while it is good: of a login without a refresh token, or while the identity provider is out of reach.
 *
 * @throws AdminError what `freshIdToken` throws; TOKEN_MALFORMED where it is longer than STS takes
 */
export async function keptIdToken(
  store: LoginStore,
  username: Username,
  context: LoginContext,
  { leastSeconds, tell }: KeptTokenRequest,
): Promise<string> {
  const sealed = await store.findTokens(username)
  if (sealed === null) throw noLogin(username)
  const kept = openKept(sealed, context)
  const least = Math.min(leastSeconds, Math.floor(lifetimeOfToken(kept.idToken) / 4))
  try {
    return requireLength(await freshIdToken(store, username, context, least))
  } catch (error) {
    if (!mayGoOn(error, kept, context.clock)) throw error
    tell(
      `the ID token of ${quote(username)} could not be renewed: ${error.message}\nthe one that is kept is used, and ends at ${kept.idTokenExpiresAt}`,
    )
    return requireLength(kept.idToken)
  }
}

/** Not where the provider has ended the login. */
function mayGoOn(error: unknown, { refreshToken, idTokenExpiresAt }: LoginTokens, clock: Clock): error is AdminError {
  const left = toEpochSeconds(idTokenExpiresAt) - toEpochSeconds(clock())
  if (!(error instanceof AdminError) || left <= STILL_GOOD) return false
  return error.code === 'UNAVAILABLE_ISSUER' || (error.code === 'NOT_FOUND_LOGIN' && refreshToken === null)
}
