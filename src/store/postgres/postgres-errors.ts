import { AdminError, type AdminErrorOptions, type ErrorCode } from '../../errors.ts'
import { escapeControls, shellQuote } from '../../iam/quote.ts'
import type { PostgresLocation } from './postgres-location.ts'

/** What an error of the driver, of the server or of the socket may carry. */
interface Seen {
  readonly message: string
  /** An SQLSTATE of the server (PostgreSQL documentation, appendix A), or a code of Node.js. */
  readonly code: string
  readonly isFromServer: boolean
}

type Explain = (seen: Seen, location: PostgresLocation, isWriting: boolean) => AdminError | null

/** Texts as Unicode that sorts by code point, whatever the server's own template has; the name follows. */
export const CREATE_DATABASE = 'createdb --encoding=UTF8 --template=template0 --locale=C'

const EXPLANATIONS: readonly Explain[] = [
  explainLocks,
  explainIdentity,
  explainRights,
  explainDatabase,
  explainTls,
  explainConnection,
  explainServer,
]

/**
 * Turns what the driver or the server threw into words about this store. What is none of these comes back as it was.
 *
 * @param isWriting that there was something to write: who may not then lacks other rights than a reader
 */
export function translatePostgresError(error: unknown, location: PostgresLocation, isWriting = false): unknown {
  if (error instanceof AdminError) return error
  const seen = seenIn(error)
  if (seen === null) return error
  for (const explain of EXPLANATIONS) {
    const explained = explain(seen, location, isWriting)
    if (explained !== null) return withCause(explained, error)
  }
  return error
}

/** The connection is gone, or the server is about to take it away: another one may do. */
export function isConnectionLost(error: unknown): boolean {
  const seen = seenIn(error)
  if (seen === null) return false
  if (seen.isFromServer) return /^(57P0[12345]|08...|25P03)$/.test(seen.code)
  return LOST.test(seen.code) || /^Connection terminated|not queryable|Query read timeout/.test(seen.message)
}

export function noPassword({ name, host, port, database, user }: PostgresLocation): AdminError {
  const line = [host.startsWith('/') ? 'localhost' : host, port, database, user, 'PASSWORD'].join(':')
  const advice = `keep it in ~/.pgpass (chmod 600), as ${line}`
  return new AdminError('DENIED_STORE', `${name} asks for a password, and there is none\n${advice}`, {
    details: { server: name },
  })
}

const LOST = /^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED)$/
const UNREACHABLE = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/
const RETRY = 'nothing was changed in the store; run the command again'

/** By shape: modules that a test loads have an `Error` of their own. */
function seenIn(error: unknown): Seen | null {
  if (typeof error !== 'object' || error === null || !('message' in error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const isFromServer = 'severity' in error && /^[0-9A-Z]{5}$/.test(code)
  return { message: escapeControls(String(error.message)), code, isFromServer }
}

function withCause(error: AdminError, cause: unknown): AdminError {
  const { code, message, suggestions, details } = error
  return new AdminError(code, message, { suggestions, details, cause })
}

function explainLocks({ code, isFromServer }: Seen, { name }: PostgresLocation): AdminError | null {
  if (!isFromServer) return null
  if (code === '55P03') return unavailable(name, `the store ${name} is locked by another process`)
  if (code === '57014') return unavailable(name, `the store ${name} took too long for a statement, or was told to stop`)
  return code === '40P01' || code === '40001' ? unavailable(name, `the store ${name} is in use by others`) : null
}

function explainIdentity({ code, message, isFromServer }: Seen, location: PostgresLocation): AdminError | null {
  const { name } = location
  if (isFromServer && (code === '28P01' || code === '28000')) {
    const advice = 'whether by name, password or address: the rules of the server (pg_hba.conf) decide'
    return denied(name, `${name} does not let this user in: ${message}\n${advice}`)
  }
  return /^SASL:|scram/i.test(message) && !isFromServer
    ? denied(name, `${name} cannot agree on a password: ${message}`)
    : null
}

function explainRights(seen: Seen, location: PostgresLocation, isWriting: boolean): AdminError | null {
  const { code, message, isFromServer } = seen
  if (!isFromServer || code !== '42501') return null
  const { name } = location
  const grant = grantFor(message, location, isWriting)
  const suggestions = grant === null ? [] : [asOwner(location, grant)]
  const must = message.startsWith('must be owner') ? '\nonly the owner of the schema brings it up to date' : ''
  return denied(name, `the rights of this user do not suffice at ${name}: ${message}${must}`, { suggestions })
}

/** What whoever owns the database has to run. */
function grantFor(message: string, { user, database }: PostgresLocation, isWriting: boolean): string | null {
  const role = identifier(user)
  const [, kind, object] = /^permission denied for (database|schema|table|sequence) "?([^"]+)"?$/.exec(message) ?? []
  if (kind === 'database') return `GRANT CONNECT, CREATE ON DATABASE ${identifier(database)} TO ${role}`
  if (kind === 'schema') return `GRANT USAGE ON SCHEMA ${object} TO ${role}`
  if (kind === 'table')
    return isWriting ? grantsOfWriter(role) : `GRANT SELECT ON ALL TABLES IN SCHEMA admin TO ${role}`
  return null
}

/** The server names the table, not the right that is missing. */
function grantsOfWriter(role: string): string {
  return [
    `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA admin TO ${role}`,
    `REVOKE INSERT ON admin.migrations FROM ${role}`,
    `GRANT UPDATE ON admin.users TO ${role}`,
    `GRANT DELETE ON admin.assignments TO ${role}`,
  ].join('; ')
}

function asOwner({ host, port, database }: PostgresLocation, statement: string): string {
  return `psql -h ${shellQuote(host)} -p ${port} -d ${shellQuote(database)} -c ${shellQuote(statement)}`
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function explainDatabase({ code, message, isFromServer }: Seen, location: PostgresLocation): AdminError | null {
  const { name, host, port, database } = location
  if (!isFromServer) return null
  if (code === '3D000') {
    const create = `${CREATE_DATABASE} -h ${shellQuote(host)} -p ${port} ${shellQuote(database)}`
    const details = { location: name }
    return new AdminError('NOT_FOUND_STORE', `there is no database at ${name}`, { suggestions: [create], details })
  }
  if (!/^42(P01|703|883)$/.test(code)) return null
  return new AdminError(
    'INVALID_DATABASE',
    `the store ${name} lacks a part of its schema: ${message}\nsomebody changed it behind our back; restore it from a backup`,
  )
}

function explainTls({ code, message, isFromServer }: Seen, { name, host }: PostgresLocation): AdminError | null {
  if (isFromServer) return null
  if (/SSL connection/.test(message)) {
    return denied(name, `${name} has no TLS, which sslmode asks for\nturn it on at the server (ssl = on)`)
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const advice = 'connect by a name that it is for; sslmode=verify-ca would not look at the name'
    return denied(name, `the certificate of ${name} is for somebody else: ${message}\n${advice}`)
  }
  if (/^CERT_|^UNABLE_TO_|SELF_SIGNED|^ERR_TLS_|^ERR_SSL_|^EPROTO$/.test(code)) {
    const advice = `name the certificate of its authority: sslrootcert=FILE${rdsAdvice(host)}`
    return denied(name, `no trusted TLS with ${name}: ${message}\n${advice}`)
  }
  return null
}

function rdsAdvice(host: string): string {
  if (!/\.amazonaws\.com(\.cn)?$/.test(host)) return ''
  return ', for RDS from https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem'
}

function explainConnection(seen: Seen, { name }: PostgresLocation): AdminError | null {
  const { code, message, isFromServer } = seen
  if (isFromServer) return null
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unavailable(name, `the host of ${name} is not known (${code})`)
  if (UNREACHABLE.test(code)) return unavailable(name, `${name} cannot be reached (${code}): is the server running?`)
  if (code === 'ENOENT') return unavailable(name, `${name} cannot be reached: there is no such socket`)
  if (code === 'EACCES') return denied(name, `you may not use the socket of ${name}`)
  if (/timeout expired/.test(message)) return unavailable(name, `${name} does not answer`)
  return isConnectionLost({ code, message }) ? unavailable(name, `the connection to ${name} broke`) : null
}

function explainServer({ code, message, isFromServer }: Seen, { name }: PostgresLocation): AdminError | null {
  if (!isFromServer) return null
  if (/^57P0[1245]$|^25P03$|^08/.test(code)) return unavailable(name, `${name} closed the connection: ${message}`)
  if (code === '57P03') return unavailable(name, `${name} is not ready: ${message}`)
  if (code === '25006' || (code === '0A000' && message.includes('recovery'))) return takesNoChanges(name, message)
  return /^53/.test(code) ? unavailable(name, `${name} has no room: ${message}`) : null
}

/** To try again would not help. */
function takesNoChanges(server: string, message: string): AdminError {
  const advice = 'nothing was changed in the store; name the server that takes changes, if this is a replica of it'
  const details = { server }
  return new AdminError('UNAVAILABLE_STORE', `${server} takes no changes: ${message}\n${advice}`, { details })
}

function unavailable(server: string, message: string): AdminError {
  return new AdminError('UNAVAILABLE_STORE', `${message}\n${RETRY}`, { details: { server } })
}

function denied(server: string, message: string, options: AdminErrorOptions = {}): AdminError {
  const code: ErrorCode = 'DENIED_STORE'
  return new AdminError(code, message, { ...options, details: { server } })
}
