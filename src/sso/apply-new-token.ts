import type { Username } from '../assignments/username.ts'
import { toEpochSeconds } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { type ApplyClaimsAnswer, applyClaims, type Grant } from './apply-claims.ts'
import { isTime } from './explain-jose-error.ts'
import type { LoginContext, LoginStore } from './login-context.ts'
import { readUnverified } from './token-facts.ts'

const TOLERANCE_SECONDS = 60

/**
 * Applies an ID token that came from its issuer just now. What is wrong with its times is then the fault of a clock.
 *
 * @throws AdminError what {@link applyClaims} throws
 */
export async function applyNewToken(
  store: LoginStore,
  token: string,
  username: Username | null,
  context: LoginContext,
  grant: Grant,
): Promise<ApplyClaimsAnswer> {
  try {
    const answer = await applyClaims(store, { ...context, token, username, grant, isDryRun: false })
    const difference = toEpochSeconds(context.clock()) - toEpochSeconds(answer.token.issuedAt)
    if (difference <= TOLERANCE_SECONDS) return answer
    return { ...answer, warnings: [...answer.warnings, clocksDiffer(difference)] }
  } catch (error) {
    throw explainClock(error, token, context)
  }
}

function explainClock(error: unknown, token: string, { clock }: LoginContext): unknown {
  if (!(error instanceof AdminError) || !isAboutTime(error)) return error
  const issuedAt = readUnverified(token)?.payload.iat
  const difference = isTime(issuedAt) ? toEpochSeconds(clock()) - issuedAt : 0
  if (Math.abs(difference) <= TOLERANCE_SECONDS) return error
  const { code, message, details, cause } = error
  return new AdminError(code, `${message.replace(/; log in again.*/, '')}\n${clocksDiffer(difference)}`, {
    suggestions: ['timedatectl status'],
    details: { ...details, clockDifferenceSeconds: difference },
    cause,
  })
}

function isAboutTime({ code }: AdminError): boolean {
  return code === 'TOKEN_EXPIRED' || code === 'TOKEN_NOT_YET_VALID'
}

function clocksDiffer(seconds: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60))
  const way = seconds > 0 ? 'ahead of' : 'behind'
  return `the token came just now: the clock of this host is ${minutes} min ${way} that of the identity provider`
}
