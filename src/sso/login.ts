import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { ApplyClaimsAnswer } from './apply-claims.ts'
import { applyNewToken } from './apply-new-token.ts'
import type { ApplyClaimsResult } from './judge-login.ts'
import { keepAtLast } from './keep-at-last.ts'
import { namingPerson } from './log-in-again.ts'
import type { LoginContext, LoginStore } from './login-context.ts'
import { sealTokens } from './seal-tokens.ts'
import type { DevicePrompt } from './token-client.ts'

const APPLIED = 'their roles are those of the new ID token, which cannot be renewed'

export interface LoginRequest extends LoginContext {
  /** Who it must be, where the caller knows. */
  readonly username: Username | null
  /** Shows the person where to log in. */
  readonly prompt: (shown: DevicePrompt) => void
  /** Ends the wait for them. */
  readonly signal: AbortSignal
}

export interface LoginResult extends ApplyClaimsResult {
  /** Whether there is one that can renew the ID token. */
  readonly refreshToken: 'kept' | 'missing'
  readonly idTokenExpiresAt: Instant
}

export interface LoginAnswer {
  readonly result: LoginResult
  readonly warnings: readonly string[]
}

/**
 * Lets a person log in on a device of their own, applies the ID token that comes of it, and keeps it with the refresh
 * token, sealed. What was kept of them before is replaced.
 *
 * @throws AdminError DENIED_LOGIN, DENIED_LOGIN_EXPIRED, DENIED_CLIENT, REFUSED_INTERRUPTED, REFUSED_UNSAFE_FILE,
 *   UNAVAILABLE_ISSUER, INVALID_ISSUER, TOKEN_…
 */
export async function logIn(store: LoginStore, request: LoginRequest): Promise<LoginAnswer> {
  const { openClient, keyFile, prompt, signal, username, settings, sessions } = request
  // Before the person is bothered.
  const key = keyFile.readOrMake()
  const { idToken, refreshToken } = await naming(username, () =>
    unlessInterrupted(signal, async () => (await openClient()).logIn(prompt, signal)),
  )
  if (idToken === null) throw noIdToken()
  const applied = await applyNewToken(store, idToken, username, request, { kind: 'device' })
  const { subject, expiresAt } = applied.token
  const tokens = { refreshToken, idToken, subject, idTokenExpiresAt: expiresAt }
  const owner = { username: applied.result.username, issuer: settings.issuer, clientId: settings.clientId }
  await keepAtLast(owner.username, APPLIED, () => store.keepTokens(owner.username, sealTokens(tokens, owner, key)))
  await sessions?.replaceToken(owner.username, idToken)
  return toAnswer(applied, refreshToken !== null, settings.scopes)
}

async function naming<T>(username: Username | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof AdminError && username !== null ? namingPerson(error, username) : error
  }
}

/** Also where the provider is silent: nobody has been told anything yet, and nothing is kept. */
async function unlessInterrupted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new AdminError('REFUSED_INTERRUPTED', 'interrupted; nothing was changed'))
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
  })
  return Promise.race([interrupted, work()])
}

function toAnswer({ result, warnings, token }: ApplyClaimsAnswer, isKept: boolean, scopes: readonly string[]) {
  const refreshToken = isKept ? ('kept' as const) : ('missing' as const)
  return {
    result: { ...result, refreshToken, idTokenExpiresAt: token.expiresAt },
    warnings: [...warnings, ...refreshWarnings(result.username, isKept, token.expiresAt, scopes)],
  }
}

function refreshWarnings(
  username: Username,
  isKept: boolean,
  end: Instant,
  scopes: readonly string[],
): readonly string[] {
  if (isKept) return []
  const why = scopes.includes('offline_access')
    ? 'the identity provider gave none although offline_access was asked for: allow it for this client'
    : 'offline_access is not among sso.scopes in the configuration: add it, and log in again'
  return [`no refresh token came, so the sessions of ${quote(username)} cannot be renewed after ${end}\n${why}`]
}

function noIdToken(): AdminError {
  return new AdminError(
    'TOKEN_MISSING',
    'the identity provider answered without an ID token\nadd openid to sso.scopes in the configuration',
    { suggestions: ['admin sso check'] },
  )
}
