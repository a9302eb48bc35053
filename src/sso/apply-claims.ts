import type { AssignmentStore, AssignmentTransaction } from '../assignments/assignment-store.ts'
import { inTransaction } from '../assignments/in-transaction.ts'
import { newEvent, readForChange, type StepContext, type StepRequest, takeStep } from '../assignments/step.ts'
import type { Username } from '../assignments/username.ts'
import { AdminError, exitCodes } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { type RoleClaims, readRoleClaims, readUsername } from './claims.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import { type ApplyClaimsResult, judgeLogin } from './judge-login.ts'
import type { SsoSettings } from './sso-settings.ts'
import { tokenFacts } from './token-facts.ts'
import { type VerifiedToken, verifyIdToken } from './verify-id-token.ts'

export interface ApplyClaimsRequest extends StepRequest {
  readonly token: string
  /** Who it must be for, where the caller knows. */
  readonly username: Username | null
  readonly settings: SsoSettings
  readonly loadKeys: () => Promise<IssuerKeys>
  /** Decide and answer, write nothing. */
  readonly isDryRun: boolean
  /** How the token was got, where we know. */
  readonly grant?: Grant
}

/**
 * The grant of OAuth 2.0 that brought a token: `device` is a login. `refresh` renews one: a timer does so for people who
 * are long gone, so the time of their last login stays.
 */
export type Grant =
  | { readonly kind: 'device' }
  | {
      readonly kind: 'refresh'
      /** Of the login that is renewed: a refresh must not bring anybody else (OpenID Connect Core 1.0 §12.2). */
      readonly subject: string
      /** Whether who has no roles may get some: else what was taken away meanwhile stays away. */
      readonly givesRoles: boolean
    }

export interface ApplyClaimsAnswer {
  readonly result: ApplyClaimsResult
  /** What an administrator should look into although the login was applied. */
  readonly warnings: readonly string[]
  readonly token: AppliedToken
}

export type AppliedToken = Pick<VerifiedToken, 'subject' | 'issuedAt' | 'expiresAt'>

/** A verified login of a known name. */
interface Login extends RoleClaims, AppliedToken {
  readonly username: Username
}

/**
 * Verifies an ID token and lets its claims overrule what the store says. Every login is an event, also one that changes
 * nothing; every refusal is one, with nothing else changed. That the issuer cannot be reached is neither.
 *
 * @throws AdminError TOKEN_…, UNAVAILABLE_ISSUER, INVALID_ISSUER
 */
export async function applyClaims(store: AssignmentStore, request: ApplyClaimsRequest): Promise<ApplyClaimsAnswer> {
  const { token, settings, clock, loadKeys, isDryRun, grant } = request
  let { username } = request
  try {
    const { payload, ...verified } = await verifyIdToken(token, settings, clock(), loadKeys)
    username = readUsername(payload, settings)
    requireSameUser(request.username, username)
    if (grant?.kind === 'refresh') requireSameSubject(grant.subject, verified.subject)
    const login = { username, ...verified, ...readRoleClaims(payload, settings) }
    return await inTransaction(store, request, (transaction, times) =>
      applyLogin(transaction, login, { ...request, ...times }, grant),
    )
  } catch (error) {
    if (error instanceof AdminError && error.exitCode === exitCodes.TOKEN_CLAIMS && !isDryRun) {
      await recordRefusal(store, error, username, request)
    }
    throw error
  }
}

async function applyLogin(
  transaction: AssignmentTransaction,
  login: Login,
  context: StepContext,
  grant: Grant | undefined,
): Promise<ApplyClaimsAnswer> {
  const { username, subject, issuedAt, expiresAt, roleSessionName } = login
  const user = await readForChange(transaction, username, context)
  if (grant?.kind === 'refresh') requireSameSubject(user.login?.subject ?? subject, subject)
  const kind = grant?.kind === 'refresh' && !grant.givesRoles ? 'renewal' : 'login'
  const { result, decision, isWithheld } = judgeLogin(user, login, issuedAt, kind)
  const former = user.login !== null && user.login.subject !== subject ? user.login.subject : null
  await takeStep(transaction, username, context, {
    action: 'sso-login',
    before: user.assignment,
    after: decision.kind === 'step' ? decision.next : user.assignment,
    details: {
      outcome: result.outcome,
      subject,
      roleSessionName,
      tokenIssuedAt: issuedAt,
      ...(grant !== undefined && { grant: grant.kind }),
      ...(isWithheld && { rolesWithheld: true }),
      ...(former !== null && { subjectChangedFrom: former }),
    },
  })
  const at = grant?.kind === 'refresh' ? (user.login?.at ?? context.at) : context.at
  await transaction.putLogin(username, { subject, roleSessionName, tokenIssuedAt: issuedAt, at })
  if (former !== null) await transaction.forgetKeptTokens(username)
  const warnings = [
    ...subjectWarning(former, login),
    ...duplicateWarnings(login),
    ...withheldWarning(isWithheld, login),
  ]
  return { result, warnings, token: { subject, issuedAt, expiresAt } }
}

function requireSameUser(expected: Username | null, seen: Username): void {
  if (expected === null || expected === seen) return
  throw new AdminError('TOKEN_USERNAME', `the token is for ${quote(seen)}, expected ${quote(expected)}`, {
    details: { seen, expected },
  })
}

function requireSameSubject(expected: string, seen: string): void {
  if (expected === seen) return
  throw new AdminError(
    'TOKEN_SUBJECT',
    `the refreshed token is for the subject ${quote(seen)}, expected ${quote(expected)}, who had logged in`,
    { details: { seen, expected } },
  )
}

/** After the refused transaction has been rolled back, in one of its own. */
async function recordRefusal(
  store: AssignmentStore,
  error: AdminError,
  username: Username | null,
  request: ApplyClaimsRequest,
): Promise<void> {
  const { issuedAt, lastIssuedAt } = error.details
  const expectedUsername = request.username !== null && request.username !== username ? request.username : undefined
  const details = {
    code: error.code,
    ...tokenFacts(request.token),
    issuedAt,
    lastIssuedAt,
    expectedUsername,
    grant: request.grant?.kind,
  }
  await inTransaction(store, request, (transaction, times) =>
    transaction.appendEvent(
      newEvent(
        username,
        { ...request, ...times },
        { action: 'sso-refused', before: null, after: null, details: defined(details) },
      ),
    ),
  )
}

function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** The same name under another subject may be another person: names are given away again, subjects are not. */
function subjectWarning(former: string | null, { username, subject }: Login): readonly string[] {
  if (former === null) return []
  return [
    `${quote(username)} has logged in as subject ${quote(subject)}, before it was ${quote(former)}: is this the same person?`,
  ]
}

function duplicateWarnings({ duplicates }: Login): readonly string[] {
  return duplicates.map((arn) => `${arn} is in the claim more than once; it counts once`)
}

function withheldWarning(isWithheld: boolean, { username }: Login): readonly string[] {
  if (!isWithheld) return []
  return [`${quote(username)} has no roles any more, and a refresh gives none back; a login does`]
}
