import type { AssignmentStore } from '../assignments/assignment-store.ts'
import { inTransaction } from '../assignments/in-transaction.ts'
import { readForChange, type StepRequest } from '../assignments/step.ts'
import { fromEpochSeconds, type Instant } from '../clock.ts'
import type { ClaimRules } from '../config/config.ts'
import { AdminError, type ErrorCode, exitCodes } from '../errors.ts'
import { type JsonObject, ownValue } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import { readRoleClaims, readUsername } from './claims.ts'
import type { ClaimsLine } from './claims-file.ts'
import { isTime } from './explain-jose-error.ts'
import { type ApplyClaimsResult, judgeLogin } from './judge-login.ts'

/** What became of one line: what a login would do, or why it would be refused. */
export type RehearsedLine =
  | ({ readonly line: number } & ApplyClaimsResult)
  | { readonly line: number; readonly error: { readonly code: ErrorCode; readonly message: string } }

/**
 * What a login with these claims would do to the store as it stands. Nothing is verified and nothing is written.
 *
 * @throws AdminError TOKEN_USERNAME, TOKEN_CLAIMS, TOKEN_REPLAYED, TOKEN_MALFORMED
 */
export async function rehearseLogin(
  store: AssignmentStore,
  claims: JsonObject,
  rules: ClaimRules,
  request: StepRequest,
): Promise<ApplyClaimsResult> {
  const username = readUsername(claims, rules)
  const roleClaims = readRoleClaims(claims, rules)
  const issuedAt = readIssuedAt(claims)
  return inTransaction(store, { ...request, isDryRun: true }, async (transaction, times) => {
    const user = await readForChange(transaction, username, { ...request, ...times })
    return judgeLogin(user, roleClaims, issuedAt).result
  })
}

/** Each line for itself: a login does not see what the lines before it would have done. */
export async function rehearseLines(
  store: AssignmentStore,
  lines: readonly ClaimsLine[],
  rules: ClaimRules,
  request: StepRequest,
): Promise<readonly RehearsedLine[]> {
  const rehearsed: RehearsedLine[] = []
  for (const { line, claims } of lines) {
    try {
      rehearsed.push({ line, ...(await rehearseLogin(store, claims, rules, request)) })
    } catch (error) {
      if (!(error instanceof AdminError) || error.exitCode !== exitCodes.TOKEN_CLAIMS) throw error
      rehearsed.push({ line, error: { code: error.code, message: error.message } })
    }
  }
  return rehearsed
}

/** Where the claims would not pass for a token of this configuration, in words; nothing where they do not say. */
export function foreignClaims(
  claims: JsonObject,
  expected: { readonly issuer: string; readonly clientId: string },
): readonly string[] {
  const [iss, aud] = [ownValue(claims, 'iss'), ownValue(claims, 'aud')]
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  const hasIssuer = iss === undefined || iss === expected.issuer
  const hasAudience = aud === undefined || audiences.includes(expected.clientId)
  return [
    ...(hasIssuer
      ? []
      : [`iss is ${show(iss)}, the configuration says ${quote(expected.issuer)}: such a token would be refused`]),
    ...(hasAudience
      ? []
      : [`aud is ${show(aud)}, the client id is ${quote(expected.clientId)}: such a token would be refused`]),
  ]
}

function show(value: unknown): string {
  return typeof value === 'string' ? quote(value) : quote(JSON.stringify(value) ?? '')
}

/** Samples often leave it out; then no replay can be seen. */
function readIssuedAt(claims: JsonObject): Instant | null {
  const iat = ownValue(claims, 'iat')
  if (iat === undefined) return null
  if (isTime(iat)) return fromEpochSeconds(iat)
  throw new AdminError('TOKEN_MALFORMED', 'the claim iat is not a time in whole seconds since 1970')
}
