import { isExpired } from '../assignments/assignment.ts'
import { inTransaction } from '../assignments/in-transaction.ts'
import { newEvent } from '../assignments/step.ts'
import type { Username } from '../assignments/username.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { ApplyClaimsAnswer } from './apply-claims.ts'
import { applyNewToken } from './apply-new-token.ts'
import { withClaimedTokens } from './claimed-tokens.ts'
import { keepAtLast } from './keep-at-last.ts'
import { logInAgain, namingPerson } from './log-in-again.ts'
import type { LoginResult } from './login.ts'
import type { LoginContext, LoginStore } from './login-context.ts'
import { type LoginTokens, openTokens, sealTokens } from './seal-tokens.ts'
import type { SsoSettings } from './sso-settings.ts'
import { tellingSuccessor } from './telling-successor.ts'
import type { TokenAnswer } from './token-client.ts'
import type { ClaimedTokens, KeptTokens } from './token-vault.ts'

const SPENT = 'the refresh token before is spent, so they have to log in again; their roles are as they were'
const APPLIED = 'their roles are those of the new ID token, and the next refresh brings another one'

export interface RefreshResult extends LoginResult {
  /** Live sessions that have the new ID token now. */
  readonly sessionsUpdated: number
}

export interface RefreshAnswer {
  readonly result: RefreshResult
  readonly warnings: readonly string[]
}

export interface RefreshContext extends LoginContext {
  /** Whether who has no roles may get some. */
  readonly givesRoles: boolean
}

/** And the token itself, for those who need it. */
export interface Refreshed extends RefreshAnswer {
  readonly idToken: string
}

/**
 * Renews the ID token of a person by their refresh token, and applies it like any login: who has no roles when it begins
 * may get some. What is taken away while it goes on stays away.
 *
 * @throws AdminError NOT_FOUND_LOGIN, DENIED_REFRESH_TOKEN, DENIED_CLIENT, DENIED_VAULT_KEY, UNAVAILABLE_ISSUER,
 *   UNAVAILABLE_LOCK, TOKEN_…
 */
export async function refreshLogin(
  store: LoginStore,
  username: Username,
  context: LoginContext,
): Promise<RefreshAnswer> {
  const { result, warnings } = await withClaimedTokens(store, username, async (claimed) =>
    refreshClaimed(store, claimed, { ...context, givesRoles: !(await hasRoles(store, username, context)) }),
  )
  return { result, warnings }
}

export async function hasRoles(store: LoginStore, username: Username, { clock }: LoginContext): Promise<boolean> {
  const assignment = (await store.findUser(username))?.assignment ?? null
  return assignment !== null && !isExpired(assignment, clock())
}

/**
 * A new refresh token is kept before anything else is done: the one before is spent, and with neither the person would
 * have to log in again.
 */
export async function refreshClaimed(
  store: LoginStore,
  { claim, tokens }: ClaimedTokens,
  context: RefreshContext,
): Promise<Refreshed> {
  const { username } = claim
  const kept = openKept(tokens, context)
  await requireSameLogin(store, { claim, tokens }, kept, context)
  const keep = (next: LoginTokens, lost: string) =>
    keepAtLast(username, lost, async () => store.replaceTokens(claim, sealAgain(next, tokens, context)))
  const answer = await spend(store, { claim, tokens }, kept, context)
  const refreshToken = answer.refreshToken ?? kept.refreshToken
  const successor = answer.refreshToken === null ? null : await keep({ ...kept, refreshToken }, SPENT)
  const { idToken, applied } = await tellingSuccessor(successor, () =>
    applyAnswer(store, answer, username, kept, context),
  )
  const { expiresAt: idTokenExpiresAt } = applied.token
  // Where that person has logged in meanwhile, their new tokens stay, and their sessions have them.
  const isKept = await keep({ ...kept, refreshToken, idToken, idTokenExpiresAt }, APPLIED)
  const sessionsUpdated = isKept ? ((await context.sessions?.replaceToken(username, idToken)) ?? 0) : 0
  return { ...toAnswer(applied, sessionsUpdated), idToken }
}

async function applyAnswer(
  store: LoginStore,
  { idToken }: TokenAnswer,
  username: Username,
  kept: LoginTokens,
  context: RefreshContext,
) {
  if (idToken === null) throw noIdToken(kept)
  const grant = { kind: 'refresh', subject: kept.subject, givesRoles: context.givesRoles } as const
  return { idToken, applied: await applyNewToken(store, idToken, username, context, grant) }
}

function toAnswer({ result, warnings, token }: ApplyClaimsAnswer, sessionsUpdated: number): RefreshAnswer {
  return {
    result: { ...result, refreshToken: 'kept', idTokenExpiresAt: token.expiresAt, sessionsUpdated },
    warnings,
  }
}

/** @throws AdminError NOT_FOUND_LOGIN where they are of another identity provider or client, DENIED_VAULT_KEY */
export function openKept(tokens: KeptTokens, { settings, keyFile }: LoginContext): LoginTokens {
  requireSameClient(tokens, settings)
  return openTokens(tokens, keyFile)
}

function requireSameClient({ username, issuer, clientId }: KeptTokens, settings: SsoSettings): void {
  if (issuer === settings.issuer && clientId === settings.clientId) return
  const [seen, expected] = [
    `${quote(clientId)} at ${quote(issuer)}`,
    `${quote(settings.clientId)} at ${quote(settings.issuer)}`,
  ]
  throw new AdminError(
    'NOT_FOUND_LOGIN',
    `the kept tokens of ${quote(username)} are those of the client ${seen}, the configuration says ${expected}`,
    { suggestions: [logInAgain(username)], details: { username, issuer, clientId } },
  )
}

/** Names are given away again, so what is kept may be of somebody who had this one before. */
async function requireSameLogin(
  store: LoginStore,
  claimed: ClaimedTokens,
  kept: LoginTokens,
  context: LoginContext,
): Promise<void> {
  const { username } = claimed.claim
  const subject = await otherSubject(store, username, kept)
  if (subject === null) return
  const error = new AdminError(
    'TOKEN_SUBJECT',
    `the kept tokens of ${quote(username)} are those of the subject ${quote(kept.subject)}, and ${quote(subject)} has logged in under that name since\nof the roles nothing was changed; these tokens were forgotten`,
    { suggestions: [logInAgain(username)], details: { seen: kept.subject, expected: subject } },
  )
  await forget(store, claimed, error, context)
  throw error
}

/** Who logged in last under that name; `null` where it is the one whose tokens these are. */
export async function otherSubject(
  store: LoginStore,
  username: Username,
  { subject }: LoginTokens,
): Promise<string | null> {
  const login = (await store.findUser(username))?.login ?? null
  return login === null || login.subject === subject ? null : login.subject
}

async function spend(
  store: LoginStore,
  claimed: ClaimedTokens,
  { refreshToken }: LoginTokens,
  context: LoginContext,
): Promise<TokenAnswer> {
  if (refreshToken === null) throw noRefreshToken(claimed.claim.username)
  const client = await context.openClient()
  try {
    return await client.refresh(refreshToken)
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    if (error.code !== 'DENIED_REFRESH_TOKEN') throw namingPerson(error, claimed.claim.username)
    await forget(store, claimed, error, context)
    throw refreshTokenDenied(claimed.claim.username, error)
  }
}

/** The event first: that a person has to log in again must not go unseen. */
async function forget(
  store: LoginStore,
  { claim }: ClaimedTokens,
  { code }: AdminError,
  context: LoginContext,
): Promise<void> {
  const details = { code, grant: 'refresh', refreshToken: 'forgotten' }
  await inTransaction(store, { ...context, isDryRun: false }, (transaction, times) =>
    transaction.appendEvent(
      newEvent(claim.username, { ...context, ...times }, { action: 'sso-refused', before: null, after: null, details }),
    ),
  )
  await store.forgetTokens(claim)
}

function sealAgain(next: LoginTokens, owner: KeptTokens, { keyFile }: LoginContext) {
  return sealTokens(next, owner, keyFile.readOrMake())
}

function refreshTokenDenied(username: Username, { message, details }: AdminError): AdminError {
  return new AdminError(
    'DENIED_REFRESH_TOKEN',
    `the login of ${quote(username)} has ended: ${message}\ntheir tokens were forgotten; they have to log in again`,
    { suggestions: [logInAgain(username)], details: { username, ...details } },
  )
}

function noRefreshToken(username: Username): AdminError {
  return new AdminError(
    'NOT_FOUND_LOGIN',
    `no refresh token of ${quote(username)} is kept: their login brought none\nadd offline_access to sso.scopes in the configuration, and have them log in again`,
    { suggestions: [logInAgain(username)], details: { username } },
  )
}

function noIdToken({ idTokenExpiresAt }: LoginTokens): AdminError {
  return new AdminError(
    'TOKEN_MISSING',
    `the identity provider refreshed without an ID token, which AWS needs: the sessions that use the last one cannot be renewed, it ends at ${idTokenExpiresAt}\nhave the provider issue ID tokens on refresh (OpenID Connect Core 1.0 §12.2), or log in again each time`,
    { details: { idTokenExpiresAt } },
  )
}
