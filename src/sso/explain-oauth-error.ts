import { AdminError, type ErrorCode } from '../errors.ts'
import { escapeControls, quote } from '../iam/quote.ts'
import type { SsoSettings } from './sso-settings.ts'
import { redactTokens } from './token-text.ts'

const LONGEST_DESCRIPTION = 300

const LOG_IN_AGAIN = new Set(['interaction_required', 'login_required', 'consent_required'])
const TOO_MANY = new Set(['too_many_requests', 'slow_down'])

/** What was sent, which no answer may bring to light. */
interface Spent {
  /** `null` in a login on a device. */
  readonly refreshToken: string | null
  readonly secrets: readonly string[]
}

/** What the identity provider said in the words of RFC 6749 §5.2 and RFC 8628 §3.5. */
interface Refusal {
  readonly error: string
  readonly description: string
}

/**
 * An error of openid-client as one of ours. What has to do with the person, with this client, or with the network of the
 * moment are told apart: each has another next step.
 *
 */
export function explainOAuthError(error: unknown, settings: SsoSettings, { refreshToken, secrets }: Spent): unknown {
  if (!(error instanceof Error)) return error
  if (error.cause instanceof AdminError) return error.cause
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'OAUTH_RESPONSE_BODY_ERROR') return explainRefusal(refusalOf(error, secrets), settings, refreshToken)
  if (code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE') return clientDenied(settings, 'it answered 401')
  if (code === 'OAUTH_TIMEOUT') return nobodyCame()
  const answer = error.cause instanceof Response ? `it answered ${error.cause.status}` : redact(error.message, secrets)
  return unavailable(settings, answer)
}

/**
 * Whether it is the moment's fault: the provider may answer the same question in a while. The network's problems, and
 * those of a server (RFC 9110 §15.6).
 */
export function isHiccup(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.cause instanceof AdminError || error instanceof AdminError) return true
  const status = error.cause instanceof Response ? error.cause.status : statusOf(error)
  return status >= 500 || ('code' in error && error.code === 'OAUTH_TIMEOUT')
}

function statusOf(error: Error): number {
  return 'status' in error && typeof error.status === 'number' ? error.status : 0
}

function refusalOf(error: Error, secrets: readonly string[]): Refusal {
  const { error: word, error_description: said } = error as Error & { error?: unknown; error_description?: unknown }
  const text = typeof said === 'string' ? said : ''
  const short = (shown: string) => redact(shown, secrets).slice(0, LONGEST_DESCRIPTION)
  return { error: short(String(word)), description: short(text) }
}

/** Some providers repeat what they were sent. */
function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]).filter((form) => form !== '')
  return redactTokens(forms.reduce((rest, form) => rest.replaceAll(form, '[secret]'), text))
}

function explainRefusal(refusal: Refusal, settings: SsoSettings, refreshToken: string | null): AdminError {
  const { error } = refusal
  if (error === 'invalid_grant' && refreshToken !== null) return refreshTokenDenied(refusal)
  // Some providers say so where RFC 8628 has `expired_token`.
  if (error === 'expired_token' || error === 'invalid_grant') return nobodyCame()
  if (error === 'access_denied')
    return denied('DENIED_LOGIN', `the login was refused at the identity provider`, refusal)
  if (LOG_IN_AGAIN.has(error))
    return new AdminError(
      'DENIED_LOGIN',
      `the identity provider wants the person to log in again (${words(refusal)})`,
      {
        suggestions: ['admin sso login'],
        details: { error },
      },
    )
  if (TOO_MANY.has(error)) return unavailable(settings, words(refusal))
  if (error === 'server_error' || error === 'temporarily_unavailable') return unavailable(settings, words(refusal))
  return clientDenied(settings, words(refusal), error)
}

function refreshTokenDenied(refusal: Refusal): AdminError {
  return denied(
    'DENIED_REFRESH_TOKEN',
    `the identity provider does not take the refresh token any more (${words(refusal)})`,
    refusal,
  )
}

function denied(code: ErrorCode, message: string, { error }: Refusal): AdminError {
  return new AdminError(code, message, { details: { error } })
}

function nobodyCame(): AdminError {
  return new AdminError('DENIED_LOGIN_EXPIRED', 'the code ended before anybody logged in with it', {
    suggestions: ['admin sso login'],
  })
}

/** What sso check cannot see is not left to it: it does not try the secret. */
function clientDenied({ clientId, clientSecretFile: file }: SsoSettings, said: string, error?: string): AdminError {
  const isUnknown = error === undefined || error === 'invalid_client'
  const secret = file === undefined ? 'without a client secret' : `with the secret in ${file}`
  const advice = isUnknown ? compareWords(file) : 'see which grants the provider allows this client'
  return new AdminError(
    'DENIED_CLIENT',
    `the identity provider refuses the client ${quote(clientId)}, which came ${secret}: ${said}\n${advice}`,
    {
      suggestions: isUnknown ? [] : ['admin sso check'],
      details: { clientId, ...(file !== undefined && { file }), ...(error !== undefined && { error }) },
    },
  )
}

function compareWords(file: string | undefined): string {
  return file === undefined
    ? 'compare sso.clientId with what the provider shows, and whether it gave this client a secret: sso.clientSecretFile names the file with it'
    : `compare sso.clientId and the secret in ${file}, which sso.clientSecretFile names, with those that the provider shows for this client`
}

function unavailable({ issuer }: SsoSettings, problem: string): AdminError {
  return new AdminError(
    'UNAVAILABLE_ISSUER',
    `the identity provider ${quote(issuer)} gave no answer of use: ${problem}`,
    {
      suggestions: ['admin sso check'],
      details: { issuer, problem },
    },
  )
}

function words({ error, description }: Refusal): string {
  return escapeControls(description === '' ? error : `${error}: ${description}`)
}
