import type { DatabaseEndpoint, IamPassword } from './endpoint.ts'
import { readTls, type TlsSettings } from './tls-settings.ts'
import { readIam, readTimeout, shownHost, urlReader } from './url-parts.ts'

/** Where a MySQL or MariaDB server is and how to get in. Holds no password. */
export interface MysqlLocation extends DatabaseEndpoint {
  /** As messages and results name it: `mysql://user@host:port`. */
  readonly name: string
  /** `null` for a connection over TCP. */
  readonly socket: string | null
  readonly tls: TlsSettings
  /** Milliseconds. */
  readonly connectTimeout: number
  /** `null` where none is known. */
  readonly password: () => Promise<string | null>
  /** Whether the password stands in the URL, which others may read. */
  readonly isPasswordInUrl: boolean
  /** The password is a token of IAM, which is sent as it is. */
  readonly isIam: boolean
}

const PARAMETERS = ['socket', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'connect_timeout', 'iam']
const reader = urlReader('expected mysql://user@host:port', PARAMETERS)

/**
 * Reads `mysql://user@host:port`, or `mariadb://`, with the parameters of {@link parsePostgresLocation} for TLS, and
 * `socket=/path` for a Unix socket. The password may also stand in `MYSQL_PWD`.
 *
 * @throws AdminError INVALID_DATABASE; no part of the URL that may be a password is repeated
 */
export function parseMysqlLocation(
  url: string,
  environment: NodeJS.ProcessEnv,
  iamPassword: IamPassword,
): MysqlLocation {
  const { parameters, password, ...parts } = reader.split(url)
  const user = parts.user || reader.loginName()
  const { host, port } = reader.splitHost(parts.host, [environment.MYSQL_TCP_PORT], 3306)
  const socket = parameters.get('socket') || null
  const isIam = readIam(parameters.get('iam'))
  const endpoint = { host: host || 'localhost', port, user }
  return {
    name: `mysql://${encodeURIComponent(user)}@${socket ?? `${shownHost(endpoint.host)}:${port}`}`,
    ...endpoint,
    socket,
    tls: readTls(parameters, environment, isIam),
    connectTimeout: readTimeout(parameters.get('connect_timeout')),
    password: isIam ? () => iamPassword(endpoint) : async () => password ?? environment.MYSQL_PWD ?? null,
    isPasswordInUrl: password !== null && password !== '',
    isIam,
  }
}
