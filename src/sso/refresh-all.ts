import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { tryWithClaimedTokens } from './claimed-tokens.ts'
import type { LoginContext, LoginStore } from './login-context.ts'
import { hasRoles, type RefreshResult, refreshClaimed } from './refresh.ts'
import type { KeptLogin } from './token-vault.ts'

const AT_ONCE = 8

export interface RefreshAllRequest extends LoginContext {
  /** Those whose ID token ends at that moment or before; `null` is everybody. */
  readonly dueUntil: Instant | null
  readonly isInterrupted: () => boolean
}

/** Why somebody was left alone. */
export type SkipReason = 'notDue' | 'withoutAssignment' | 'withoutRefreshToken' | 'refreshedElsewhere' | 'interrupted'

export type RefreshItem = RefreshResult | RefreshFailure

export interface RefreshFailure {
  readonly username: Username
  readonly error: Pick<AdminError, 'code' | 'message' | 'suggestions'>
}

export interface RefreshAllResult {
  readonly refreshed: number
  readonly failed: number
  readonly skipped: Readonly<Record<SkipReason, number>>
  readonly people: readonly RefreshItem[]
}

export interface RefreshAllAnswer {
  readonly result: RefreshAllResult
  readonly warnings: readonly string[]
}

type Outcome =
  | { readonly kind: 'refreshed'; readonly item: RefreshResult; readonly warnings: readonly string[] }
  | { readonly kind: 'failed'; readonly item: RefreshFailure }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

/**
 * Renews the ID tokens of all who are due and have roles, some at once. What fails for one person does not keep it from
 * the others.
 *
 * @throws AdminError UNAVAILABLE_ISSUER, INVALID_ISSUER where the identity provider cannot be found at all
 */
export async function refreshAll(store: LoginStore, request: RefreshAllRequest): Promise<RefreshAllAnswer> {
  const logins = await store.keptLogins()
  if (logins.some((login) => skipReason(login, request) === null)) await request.openClient()
  const outcomes = await someAtOnce(logins, (login) => refreshOne(store, login, request))
  return {
    result: summarize(outcomes),
    warnings: outcomes.flatMap((outcome) => (outcome.kind === 'refreshed' ? outcome.warnings : [])),
  }
}

async function refreshOne(store: LoginStore, login: KeptLogin, request: RefreshAllRequest): Promise<Outcome> {
  try {
    const reason = skipReason(login, request) ?? (await rolesReason(store, login, request))
    if (reason !== null) return { kind: 'skipped', reason }
    return (await refreshIfStillDue(store, login, request)) ?? { kind: 'skipped', reason: 'refreshedElsewhere' }
  } catch (error) {
    return { kind: 'failed', item: { username: login.username, error: describe(error) } }
  }
}

/** What nobody foresaw is that person's alone too: the others' tokens are on their way. */
function describe(error: unknown): RefreshFailure['error'] {
  if (!(error instanceof AdminError)) return { code: 'INTERNAL', message: String(error), suggestions: [] }
  const { code, message, suggestions } = error
  return { code, message, suggestions }
}

async function rolesReason(
  store: LoginStore,
  { username }: KeptLogin,
  request: RefreshAllRequest,
): Promise<SkipReason | null> {
  return (await hasRoles(store, username, request)) ? null : 'withoutAssignment'
}

function skipReason(
  { hasRefreshToken, idTokenExpiresAt }: KeptLogin,
  { dueUntil, isInterrupted }: RefreshAllRequest,
): SkipReason | null {
  if (isInterrupted()) return 'interrupted'
  if (!hasRefreshToken) return 'withoutRefreshToken'
  return dueUntil === null || idTokenExpiresAt <= dueUntil ? null : 'notDue'
}

/** Another timer may have come first. */
async function refreshIfStillDue(
  store: LoginStore,
  { username, idTokenExpiresAt }: KeptLogin,
  request: RefreshAllRequest,
): Promise<Outcome | null> {
  const done = await tryWithClaimedTokens(store, username, async (claimed): Promise<Outcome | null> => {
    if (claimed.tokens.idTokenExpiresAt !== idTokenExpiresAt) return null
    const { result, warnings } = await refreshClaimed(store, claimed, { ...request, givesRoles: false })
    return { kind: 'refreshed', item: result, warnings }
  })
  return done?.value ?? null
}

async function someAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const { default: pLimit } = await import('p-limit')
  const limit = pLimit(AT_ONCE)
  return Promise.all(items.map((item) => limit(() => work(item))))
}

function summarize(outcomes: readonly Outcome[]): RefreshAllResult {
  const count = (reason: SkipReason) =>
    outcomes.filter((outcome) => outcome.kind === 'skipped' && outcome.reason === reason).length
  return {
    refreshed: outcomes.filter(({ kind }) => kind === 'refreshed').length,
    failed: outcomes.filter(({ kind }) => kind === 'failed').length,
    skipped: {
      notDue: count('notDue'),
      withoutAssignment: count('withoutAssignment'),
      withoutRefreshToken: count('withoutRefreshToken'),
      refreshedElsewhere: count('refreshedElsewhere'),
      interrupted: count('interrupted'),
    },
    people: outcomes.flatMap((outcome) => (outcome.kind === 'skipped' ? [] : [outcome.item])),
  }
}
