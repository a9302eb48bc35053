import { AdminError, type ErrorCode } from '../errors.ts'
import { withKnownWords } from '../known-errors/explain.ts'

/** What was tried, on what, as whom. */
export interface Attempt {
  /** As IAM policies name it: `iam:CreateRole`. */
  readonly action: string
  readonly resource: string | null
  readonly caller: string | null
  /** Where it matters for the explanation: credentials belong to one partition. */
  readonly region: string | null
}

/** What the SDK puts on its errors. */
export interface SdkError extends Error {
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number }
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> }
}

// Each service has names of its own for the same things (the "Common Errors" and "Error codes" of the API references of
// IAM, STS, EC2, RDS, Redshift and Redshift Serverless).
const DENIED = /^(AccessDenied|UnauthorizedOperation|UnauthorizedAccess|NotAuthorized)$/
const BAD_CREDENTIALS =
  /^(AuthFailure|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|IncompleteSignature|RequestExpired|MissingAuthenticationToken|InvalidToken)$/
const THROTTLED =
  /^(Throttling|Throttled|ThrottledRequest|RequestThrottled|EC2Throttled|RequestLimitExceeded|BandwidthLimitExceeded|TooManyRequests|SlowDown|PriorRequestNotComplete)$/
const NOT_FOUND =
  /^(NoSuchEntity|ResourceNotFound|(DB)?(Cluster|Instance|Proxy)NotFound(Fault)?|Invalid\w+ID\.NotFound)$/
const QUOTA = /^(LimitExceeded|ServiceQuotaExceeded)$/
/** Of Node.js, its proxy agent and OpenSSL. One by one: `ENOENT` is a file that is missing, not a network. */
const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ESOCKETTIMEDOUT|ENOTFOUND|EAI_AGAIN|EAI_FAIL|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENETRESET|EADDRNOTAVAIL|EPROTO|ERR_PROXY_TUNNEL|HPE_[A-Z_]+|UND_ERR_.*|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/

/** Of the answers with 5xx the one that no further try mends (RFC 9110 §15.6.2). */
const NOT_IMPLEMENTED = 501

/** The SDK found no credentials, or could not get them. */
export function isCredentialFailure(error: unknown): error is Error {
  return error instanceof Error && /^(CredentialsProviderError|TokenProviderError)$/.test(error.name)
}

/** AWS asks for patience. */
export function isThrottling(error: Error): boolean {
  return THROTTLED.test(awsErrorName(error))
}

/**
 * An error of the AWS SDK in our words. AWS's own code and words go into `details.awsError` and `details.awsMessage`.
 * What is none of AWS's doing comes back as it is.
 */
export function translate(error: unknown, attempt: Attempt): unknown {
  if (!(error instanceof Error) || error instanceof AdminError) return error
  const seen: SdkError = error
  const status = seen.$metadata?.httpStatusCode ?? seen.$response?.statusCode
  if (isCredentialFailure(seen)) return credentialsGone(seen, attempt)
  if (status === undefined)
    return isNetworkFailure(seen) ? unavailable(seen, attempt, `AWS could not be reached: ${words(seen)}`) : error
  const name = awsErrorName(seen)
  if (THROTTLED.test(name)) return unavailable(seen, attempt, `AWS throttled ${attempt.action}`)
  if (status >= 500 && status !== NOT_IMPLEMENTED)
    return unavailable(seen, attempt, `AWS failed to answer ${attempt.action} (HTTP ${status}, ${name})`)
  if (isNotOfAws(seen)) return notAws(seen, status, attempt)
  if (DENIED.test(name)) return denied(seen, attempt)
  if (BAD_CREDENTIALS.test(name)) return badCredentials(seen, name, attempt)
  const code = refusalCode(name)
  return explain(
    code,
    `AWS ${code === 'NOT_FOUND_AWS' ? 'did not find what was named in' : 'refused'} ${target(attempt)}: ${words(seen)}`,
    seen,
    attempt,
  )
}

/** No code that a service of AWS gives, or nothing that the SDK can read: a page of a proxy, a portal, another server. */
function isNotOfAws({ name, message }: SdkError): boolean {
  return /^Unknown(Error)?$/.test(name) || message.includes('Deserialization error')
}

/** What the page says is not repeated: it is no words of AWS, and as long as somebody liked. */
function notAws(error: SdkError, status: number, { action, resource, caller }: Attempt): AdminError {
  const type = error.$response?.headers?.['content-type']?.split(';')[0] || 'of no type'
  const message = `what answered is not AWS (HTTP ${status}, ${type}): is a proxy between?`
  return new AdminError('UNAVAILABLE_AWS', `${message}\nasked was ${target({ action, resource })}`, {
    details: { action, resource, caller, awsError: null, awsMessage: null },
    cause: error,
  })
}

/** They were there when the run began. What a credential_process says is not repeated: it may be its command line. */
function credentialsGone(error: SdkError, attempt: Attempt): AdminError {
  const { action, resource, caller } = attempt
  const message = `the AWS credentials ran out and could not be renewed, at ${target(attempt)}\nrenew them, as with aws sso login, and run the command again: it carries on`
  return new AdminError('DENIED_AWS_CREDENTIALS', message, {
    details: { action, resource, caller, awsError: error.name, awsMessage: null },
    cause: error,
  })
}

function refusalCode(name: string): ErrorCode {
  if (NOT_FOUND.test(name)) return 'NOT_FOUND_AWS'
  return QUOTA.test(name) ? 'REFUSED_QUOTA' : 'REFUSED_BY_AWS'
}

function denied(error: SdkError, attempt: Attempt): AdminError {
  const who = attempt.caller === null ? '' : ` to ${attempt.caller}`
  return explain('DENIED_AWS', `AWS denied ${target(attempt)}${who}\n${words(error)}`, error, attempt)
}

function badCredentials(error: SdkError, name: string, attempt: Attempt): AdminError {
  const reason =
    name === 'ExpiredToken' || name === 'RequestExpired'
      ? 'the AWS credentials have expired'
      : 'AWS does not accept the credentials'
  const hint =
    attempt.region === null
      ? ''
      : `\nasked in region ${attempt.region}; credentials of GovCloud, China and other partitions need their own AWS_REGION`
  return explain(
    'DENIED_AWS_CREDENTIALS',
    `${reason}: ${words(error)}${name === 'ExpiredToken' ? '' : hint}`,
    error,
    attempt,
  )
}

function unavailable(error: SdkError, attempt: Attempt, message: string): AdminError {
  const attempts = error.$metadata?.attempts ?? 1
  const tries = attempts > 1 ? `, after ${attempts} attempts` : ''
  return explain('UNAVAILABLE_AWS', `${message}${tries}\nit is safe to run the command again`, error, attempt)
}

function explain(code: ErrorCode, message: string, error: SdkError, { action, resource, caller }: Attempt): AdminError {
  const details = { action, resource, caller, awsError: awsErrorName(error), awsMessage: error.message }
  return withKnownWords(new AdminError(code, message, { details, cause: error }), `${error.name}: ${error.message}`)
}

function target({ action, resource }: Pick<Attempt, 'action' | 'resource'>): string {
  return resource === null ? action : `${action} on ${resource}`
}

/** The service's own code: the SDK adds `Exception` to the names of those that it knows. */
export function awsErrorName({ name }: SdkError): string {
  return name.replace(/(?<=.)Exception$/, '')
}

function words(error: SdkError): string {
  return error.message === '' ? (error.code ?? error.name) : error.message
}

/** AWS could not be reached, or was cut off. */
export function isNetworkFailure({ name, code }: SdkError): boolean {
  return name === 'TimeoutError' || (code !== undefined && NETWORK.test(code))
}
