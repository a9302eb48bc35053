import { existsSync } from 'node:fs'
import type { DatabaseEndpoint, IamPassword } from './endpoint.ts'
import { passwordFromFile } from './password-file.ts'
import { readTls, type TlsSettings } from './tls-settings.ts'
import { readIam, readTimeout, shownHost, urlReader } from './url-parts.ts'

/** Where a PostgreSQL server is and how to get in. Holds no password: that is fetched when the server asks for it. */
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

const PARAMETERS = ['host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'connect_timeout', 'iam']
const reader = urlReader('expected postgres://user@host:port/database', PARAMETERS)

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
  const { parameters, password, ...parts } = reader.split(url)
  const user = parts.user || environment.PGUSER || reader.loginName()
  const database = parts.database || environment.PGDATABASE || user
  const named = reader.splitHost(parts.host, [parameters.get('port'), environment.PGPORT], 5432)
  const host = named.host || parameters.get('host') || environment.PGHOST || defaultHost()
  const isIam = readIam(parameters.get('iam'))
  const endpoint = { host, port: named.port, user }
  return {
    engine: 'postgres',
    name: `postgres://${encodeURIComponent(user)}@${shownHost(host)}:${named.port}/${encodeURIComponent(database)}`,
    ...endpoint,
    database,
    tls: readTls(parameters, environment, isIam),
    connectTimeout: readTimeout(parameters.get('connect_timeout') ?? environment.PGCONNECT_TIMEOUT),
    password: isIam
      ? () => iamPassword(endpoint)
      : async () => password ?? environment.PGPASSWORD ?? passwordFromFile({ ...endpoint, database }, environment),
    isPasswordInUrl: password !== null && password !== '',
  }
}

/** Where Debian's and Red Hat's packages have their sockets, else this machine over TCP. */
function defaultHost(): string {
  return existsSync('/var/run/postgresql') ? '/var/run/postgresql' : 'localhost'
}
