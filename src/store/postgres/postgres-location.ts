import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { AdminError } from '../../errors.ts'
import { quote } from '../../iam/quote.ts'
import type { DatabaseEndpoint, IamPassword } from '../location.ts'
import { passwordFromFile } from './password-file.ts'

/** Where a PostgreSQL store is and how to get in. Holds no password: that is fetched when the server asks for it. */
export interface PostgresLocation extends DatabaseEndpoint {
  readonly engine: 'postgres'
  /** As messages and results name it: `postgres://user@host:port/database`. */
  readonly name: string
  /** A host name, an address, or the directory of a Unix socket. */
  readonly host: string
  readonly database: string
  readonly tls: TlsSettings
  /** Milliseconds. */
  readonly connectTimeout: number
  /** `null` where none is known. */
  readonly password: () => Promise<string | null>
  /** Whether the password stands in the URL, which others may read. */
  readonly isPasswordInUrl: boolean
}

/** What libpq knows by these names (PostgreSQL documentation, "SSL Support" of libpq). */
export interface TlsSettings {
  readonly mode: SslMode
  readonly rootCertificate: string | null
  readonly certificate: string | null
  readonly key: string | null
}

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

const URL_FORM = /^[a-z]+:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/is
const EXPECTED = 'expected postgres://user@host:port/database'
const PARAMETERS = ['host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'connect_timeout', 'iam']
const CONNECT_TIMEOUT = 10_000

/**
 * Reads a URL as libpq does ("Connection URIs"), with libpq's environment variables for what it leaves out.
 * `iam=1` is ours: the password is then a token of IAM, which is only ever sent over TLS.
 *
 * @throws AdminError INVALID_DATABASE; no part of the URL that may be a password is repeated
 */
export function parsePostgresLocation(
  url: string,
  environment: NodeJS.ProcessEnv,
  iamPassword: IamPassword,
): PostgresLocation {
  const [, userPart, passwordPart, hostPart = '', databasePart, query = ''] = URL_FORM.exec(url) ?? refuseForm()
  const parameters = readParameters(query)
  const user = decoded(userPart) || environment.PGUSER || loginName()
  const database = decoded(databasePart) || environment.PGDATABASE || user
  const { host, port } = readHost(hostPart, parameters, environment)
  const isIam = readIam(parameters.get('iam'))
  const urlPassword = passwordPart === undefined ? null : decoded(passwordPart)
  const endpoint = { host, port, user }
  return {
    engine: 'postgres',
    name: `postgres://${encodeURIComponent(user)}@${shownHost(host)}:${port}/${encodeURIComponent(database)}`,
    ...endpoint,
    database,
    tls: readTls(parameters, environment, isIam),
    connectTimeout: readTimeout(parameters.get('connect_timeout') ?? environment.PGCONNECT_TIMEOUT),
    password: isIam
      ? () => iamPassword(endpoint)
      : async () => urlPassword ?? environment.PGPASSWORD ?? passwordFromFile({ ...endpoint, database }, environment),
    isPasswordInUrl: urlPassword !== null && urlPassword !== '',
  }
}

function refuseForm(): never {
  const advice = 'percent-encode what of a password is neither letter nor digit, or better keep it in ~/.pgpass'
  throw new AdminError('INVALID_DATABASE', `the URL of the database cannot be read: ${EXPECTED}\n${advice}`)
}

/** An @ means that what stands here is the rest of a password with a ? in it. */
function readParameters(query: string): ReadonlyMap<string, string> {
  if (query.includes('@')) refuseForm()
  const parameters = new Map(new URLSearchParams(query))
  for (const name of parameters.keys()) {
    if (PARAMETERS.includes(name)) continue
    const known = PARAMETERS.join(', ')
    throw new AdminError(
      'INVALID_DATABASE',
      `the URL of the database has the parameter ${quote(name)}; expected ${known}`,
    )
  }
  return parameters
}

interface Host {
  readonly host: string
  readonly port: number
}

function readHost(part: string, parameters: ReadonlyMap<string, string>, environment: NodeJS.ProcessEnv): Host {
  if (part.includes(',')) {
    const advice = 'name the one that accepts writes, such as the cluster endpoint'
    throw new AdminError('INVALID_DATABASE', `the URL of the database names several hosts; ${EXPECTED}\n${advice}`)
  }
  const [, bracketed, plain, portPart] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(part) ?? refuseForm()
  const port = Number(portPart || parameters.get('port') || environment.PGPORT || 5432)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new AdminError('INVALID_DATABASE', `the port of the database is ${quote(String(port))}, expected 1 to 65535`)
  }
  const host = bracketed || decoded(plain) || parameters.get('host') || environment.PGHOST || defaultHost()
  return { host, port }
}

/** Where Debian's and Red Hat's packages have their sockets, else this machine over TCP. */
function defaultHost(): string {
  return existsSync('/var/run/postgresql') ? '/var/run/postgresql' : 'localhost'
}

function shownHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host.startsWith('/') ? encodeURIComponent(host) : host
}

function readIam(value: string | undefined): boolean {
  if (value === undefined || value === '0') return false
  if (value === '1') return true
  throw new AdminError('INVALID_DATABASE', `iam is ${quote(value)} in the URL of the database, expected 1 or 0`)
}

function readTls(parameters: ReadonlyMap<string, string>, environment: NodeJS.ProcessEnv, isIam: boolean): TlsSettings {
  const mode = readMode(parameters.get('sslmode') || environment.PGSSLMODE || (isIam ? 'verify-full' : 'prefer'))
  if (isIam && ['disable', 'allow', 'prefer'].includes(mode)) {
    const expected = 'with iam=1 expected verify-full, verify-ca or require: the token must not travel in the clear'
    throw new AdminError('INVALID_DATABASE', `sslmode is ${mode}, ${expected}`)
  }
  return {
    mode,
    rootCertificate: parameters.get('sslrootcert') || environment.PGSSLROOTCERT || null,
    certificate: parameters.get('sslcert') || environment.PGSSLCERT || null,
    key: parameters.get('sslkey') || environment.PGSSLKEY || null,
  }
}

function readMode(text: string): SslMode {
  const mode = sslModes.find((known) => known === text)
  if (mode !== undefined) return mode
  throw new AdminError('INVALID_DATABASE', `sslmode is ${quote(text)}, expected ${sslModes.join(', ')}`)
}

/** In seconds; as for libpq, 0 and less stand for no limit of their own. */
function readTimeout(text: string | undefined): number {
  const seconds = Number(text ?? '')
  return Number.isInteger(seconds) && seconds > 0 ? seconds * 1000 : CONNECT_TIMEOUT
}

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '')
  } catch {
    return refuseForm()
  }
}

/** Not everybody has an entry in the database of users. */
function loginName(): string {
  try {
    return userInfo().username
  } catch {
    throw new AdminError('INVALID_DATABASE', `the URL of the database names no user; ${EXPECTED}`)
  }
}
