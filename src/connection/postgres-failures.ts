import { AdminError, type ErrorCode } from '../errors.ts'
import { escapeControls } from '../iam/quote.ts'
import { withKnownWords } from '../known-errors/explain.ts'
import type { PostgresLocation } from './postgres-location.ts'

/** What an error of the driver, of the server or of the socket may carry. */
export interface SeenFailure {
  readonly message: string
  /** An SQLSTATE of the server (PostgreSQL documentation, appendix A), or a code of Node.js. */
  readonly code: string
  readonly isFromServer: boolean
}

/** The server as messages name it, and the codes under which its failures are told. */
export interface PostgresPlace {
  /** Never with a password. */
  readonly name: string
  readonly host: string
  readonly denied: ErrorCode
  readonly unavailable: ErrorCode
  /** What became of the work, and what to do. */
  readonly afterwards: string
}

type Explain = (seen: SeenFailure, place: PostgresPlace) => AdminError | null

const EXPLANATIONS: readonly Explain[] = [explainIdentity, explainTls, explainConnection, explainServer]

/** Why one could not get in, or was thrown out, in words about this server; `null` for what is neither. */
export function explainPostgresConnection(seen: SeenFailure, place: PostgresPlace): AdminError | null {
  for (const explain of EXPLANATIONS) {
    const explained = explain(seen, place)
    if (explained !== null) return withKnownWords(explained, seen.message)
  }
  return null
}

/** By shape: modules that a test loads have an `Error` of their own. */
export function seenIn(error: unknown): SeenFailure | null {
  if (typeof error !== 'object' || error === null || !('message' in error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const isFromServer = 'severity' in error && /^[0-9A-Z]{5}$/.test(code)
  return { message: escapeControls(String(error.message)), code, isFromServer }
}

/** The connection is gone, or the server is about to take it away: another one may do. */
export function isConnectionLost(error: unknown): boolean {
  const seen = seenIn(error)
  if (seen === null) return false
  if (seen.isFromServer) return /^(57P0[12345]|08...|25P03)$/.test(seen.code)
  return LOST.test(seen.code) || /^Connection terminated|not queryable|Query read timeout/.test(seen.message)
}

/** The server has no TLS, or its rules let nobody in without: what `prefer` and `allow` are for. */
export function asksForAnotherWay(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const hasNoTls = error.message === 'The server does not support SSL connections'
  return hasNoTls || ('code' in error && error.code === '28000')
}

export function noPassword({ name, host, port, database, user }: PostgresLocation, denied: ErrorCode): AdminError {
  const line = [host.startsWith('/') ? 'localhost' : host, port, database, user, 'PASSWORD'].join(':')
  const advice = `keep it in ~/.pgpass (chmod 600), as ${line}`
  return new AdminError(denied, `${name} asks for a password, and there is none\n${advice}`, {
    details: { server: name },
  })
}

export function unavailable({ name, unavailable: code, afterwards }: PostgresPlace, message: string): AdminError {
  return new AdminError(code, `${message}\n${afterwards}`, { details: { server: name } })
}

export function denied({ name, denied: code }: PostgresPlace, message: string): AdminError {
  return new AdminError(code, message, { details: { server: name } })
}

const LOST = /^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED)$/
const UNREACHABLE = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/

function explainIdentity({ code, message, isFromServer }: SeenFailure, place: PostgresPlace): AdminError | null {
  const { name } = place
  if (isFromServer && (code === '28P01' || code === '28000')) {
    const advice = 'whether by name, password or address: the rules of the server (pg_hba.conf) decide'
    return denied(place, `${name} does not let this user in: ${message}\n${advice}`)
  }
  return /^SASL:|scram/i.test(message) && !isFromServer
    ? denied(place, `${name} cannot agree on a password: ${message}`)
    : null
}

function explainTls({ code, message, isFromServer }: SeenFailure, place: PostgresPlace): AdminError | null {
  if (isFromServer) return null
  const { name, host } = place
  if (/SSL connection/.test(message)) {
    return denied(place, `${name} has no TLS, which sslmode asks for\nturn it on at the server (ssl = on)`)
  }
  return explainCertificate(code, message, name, host, place)
}

function explainCertificate(code: string, message: string, name: string, host: string, place: PostgresPlace) {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const advice = 'connect by a name that it is for; sslmode=verify-ca would not look at the name'
    return denied(place, `the certificate of ${name} is for somebody else: ${message}\n${advice}`)
  }
  if (/^CERT_|^UNABLE_TO_|SELF_SIGNED|^ERR_TLS_|^ERR_SSL_|^EPROTO$/.test(code)) {
    const advice = `name the certificate of its authority: sslrootcert=FILE${rdsAdvice(host)}`
    return denied(place, `no trusted TLS with ${name}: ${message}\n${advice}`)
  }
  return null
}

function rdsAdvice(host: string): string {
  if (!/\.amazonaws\.com(\.cn)?$/.test(host)) return ''
  return ', for RDS from https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem'
}

function explainConnection(seen: SeenFailure, place: PostgresPlace): AdminError | null {
  const { code, message, isFromServer } = seen
  const { name } = place
  if (isFromServer) return null
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unavailable(place, `the host of ${name} is not known (${code})`)
  if (UNREACHABLE.test(code)) return unavailable(place, `${name} cannot be reached (${code}): is the server running?`)
  if (code === 'ENOENT') return unavailable(place, `${name} cannot be reached: there is no such socket`)
  if (code === 'EACCES') return denied(place, `you may not use the socket of ${name}`)
  if (/timeout expired/.test(message)) return unavailable(place, `${name} does not answer`)
  return isConnectionLost({ code, message }) ? unavailable(place, `the connection to ${name} broke`) : null
}

function explainServer({ code, message, isFromServer }: SeenFailure, place: PostgresPlace): AdminError | null {
  if (!isFromServer) return null
  const { name } = place
  if (/^57P0[1245]$|^25P03$|^08/.test(code)) return unavailable(place, `${name} closed the connection: ${message}`)
  if (code === '57P03') return unavailable(place, `${name} is not ready: ${message}`)
  if (code === '25006' || (code === '0A000' && message.includes('recovery'))) return takesNoChanges(place, message)
  return /^53/.test(code) ? unavailable(place, `${name} has no room: ${message}`) : null
}

/** To try again would not help. */
function takesNoChanges({ name, unavailable: code }: PostgresPlace, message: string): AdminError {
  const advice = 'nothing was changed in the store; name the server that takes changes, if this is a replica of it'
  return new AdminError(code, `${name} takes no changes: ${message}\n${advice}`, { details: { server: name } })
}
