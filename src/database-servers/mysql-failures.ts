import type { MysqlLocation } from '../connection/mysql-location.ts'
import type { SslMode } from '../connection/tls-settings.ts'
import { AdminError } from '../errors.ts'
import { escapeControls } from '../iam/quote.ts'
import { withKnownWords } from '../known-errors/explain.ts'

interface Seen {
  readonly message: string
  /** The name of an error of the server (`ER_…`), of the driver or of Node.js. */
  readonly code: string
}

type Explain = (seen: Seen, location: MysqlLocation) => AdminError | null

const EXPLANATIONS: readonly Explain[] = [explainIdentity, explainRights, explainTls, explainConnection]
const UNREACHABLE = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/
const LOST = /^(PROTOCOL_CONNECTION_LOST|ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED|PROTOCOL_SEQUENCE_TIMEOUT)$/
const AFTERWARDS = 'it is safe to run the command again'

/** What the driver or the server threw, in words about this server. What is none of it comes back as it was. */
export function translateMysqlError(error: unknown, location: MysqlLocation): unknown {
  if (error instanceof AdminError || typeof error !== 'object' || error === null || !('message' in error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const seen = { message: escapeControls(String(error.message)), code }
  for (const explain of EXPLANATIONS) {
    const explained = explain(seen, location)
    if (explained !== null) return withCause(withKnownWords(explained, `${code}: ${seen.message}`), error)
  }
  return error
}

/**
 * The server has no TLS, which `prefer` is for; or it may insist on TLS, which `allow` is for: MySQL says so, MariaDB and
 * an account with REQUIRE SSL only deny.
 */
export function asksForAnotherWay(error: unknown, mode: SslMode): boolean {
  if (!(error instanceof Error && 'code' in error)) return false
  const isPerhapsForTls = /^ER_(SECURE_TRANSPORT_REQUIRED|ACCESS_DENIED_(?:NO_PASSWORD_)?ERROR)$/
  return error.code === 'HANDSHAKE_NO_SSL_SUPPORT' || (mode === 'allow' && isPerhapsForTls.test(String(error.code)))
}

function withCause({ code, message, suggestions, details }: AdminError, cause: unknown): AdminError {
  return new AdminError(code, message, { suggestions, details, cause })
}

function explainIdentity({ code, message }: Seen, location: MysqlLocation): AdminError | null {
  const isThat = /^(ER_ACCESS_DENIED_(?:NO_PASSWORD_)?ERROR|ER_DBACCESS_DENIED_ERROR|ER_ACCOUNT_HAS_BEEN_LOCKED)$/
  const isOfPlugin = /^(ER_NOT_SUPPORTED_AUTH_MODE|MYSQL_CLEAR_PASSWORD_NOT_ENABLED|ER_SECURE_TRANSPORT_REQUIRED)$/
  if (!isThat.test(code) && !isOfPlugin.test(code) && !/Access denied/.test(message)) return null
  return denied(location, `${location.name} does not let this user in: ${message}`)
}

function explainRights({ code, message }: Seen, location: MysqlLocation): AdminError | null {
  const { name } = location
  if (/^ER_(SPECIFIC_ACCESS_DENIED|TABLEACCESS_DENIED|COLUMNACCESS_DENIED)_ERROR$/.test(code)) {
    const advice = 'connect as the master user, or as one who may make users (CREATE USER) and read mysql.user'
    return denied(location, `the rights of this user do not suffice at ${name}: ${message}\n${advice}`)
  }
  if (code === 'ER_OPTION_PREVENTS_STATEMENT' || code === 'ER_READ_ONLY_MODE')
    return new AdminError('REFUSED_READ_ONLY', `${name} takes no changes: ${message}`, { details: { server: name } })
  if (code === 'ER_CANNOT_USER' || code === 'ER_LOCK_WAIT_TIMEOUT' || code === 'ER_LOCK_DEADLOCK')
    return unavailable(location, `somebody else changes the users of ${name} at the same time: ${message}`)
  if (code !== 'ER_PLUGIN_IS_NOT_LOADED') return null
  return new AdminError('REFUSED_ENGINE', `${name} refused: ${message}`, { details: { server: name } })
}

function explainTls({ code, message }: Seen, location: MysqlLocation): AdminError | null {
  const { name } = location
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return denied(location, `${name} has no TLS, which sslmode asks for`)
  const isTls = /^(HANDSHAKE_SSL_ERROR|CERT_.*|UNABLE_TO_.*|.*SELF_SIGNED.*|ERR_TLS_.*|ERR_SSL_.*|EPROTO)$/
  if (!isTls.test(code)) return null
  return denied(
    location,
    `no trusted TLS with ${name}: ${message}\nname the certificate of its authority: sslrootcert=FILE`,
  )
}

function explainConnection({ code, message }: Seen, location: MysqlLocation): AdminError | null {
  const { name } = location
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unavailable(location, `the host of ${name} is not known (${code})`)
  if (UNREACHABLE.test(code))
    return unavailable(location, `${name} cannot be reached (${code}): is the server running?`)
  if (code === 'ENOENT') return unavailable(location, `${name} cannot be reached: there is no such socket`)
  if (code === 'EACCES') return denied(location, `you may not use the socket of ${name}`)
  if (code === 'ER_CON_COUNT_ERROR' || code === 'ER_HOST_IS_BLOCKED')
    return unavailable(location, `${name} takes no more connections: ${message}`)
  return LOST.test(code) ? unavailable(location, `the connection to ${name} broke (${code})`) : null
}

function unavailable({ name }: MysqlLocation, message: string): AdminError {
  return new AdminError('UNAVAILABLE_DATABASE', `${message}\n${AFTERWARDS}`, { details: { server: name } })
}

function denied({ name }: MysqlLocation, message: string): AdminError {
  return new AdminError('DENIED_DATABASE', message, { details: { server: name } })
}
