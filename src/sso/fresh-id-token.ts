import type { Username } from '../assignments/username.ts'
import type { LoginContext, LoginStore } from './login-context.ts'

/**
 * Answers an ID token of the person that is good for so much longer: the one that is kept, else a new one by their
 * refresh token, which is applied like any login. So ask for it first, and for what the person may use afterwards.
 *
 * Throws AdminError NOT_FOUND_LOGIN where they have not logged in here, DENIED_REFRESH_TOKEN, UNAVAILABLE_ISSUER, TOKEN_….
 *
 * @param leastSeconds how long it must still be good
 */
export type FreshIdToken = (
  store: LoginStore,
  username: Username,
  context: LoginContext,
  leastSeconds: number,
) => Promise<string>
