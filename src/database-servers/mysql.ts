import { isIP } from 'node:net'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { MysqlLocation } from '../connection/mysql-location.ts'
import { byFirstWay, type Tls, tlsWays } from '../connection/tls-options.ts'
import type { MysqlAccount, MysqlFacts, MysqlServer } from '../databases/iam-users/mysql-server.ts'
import { IAM_PLUGIN } from '../databases/iam-users/statements.ts'
import { AdminError } from '../errors.ts'
import { asksForAnotherWay, translateMysqlError } from './mysql-failures.ts'

/**
 * Connects, does the work, and leaves.
 *
 * @param plugin by which users are to log in
 * @throws AdminError DENIED_DATABASE, UNAVAILABLE_DATABASE, REFUSED_READ_ONLY
 */
export async function withMysqlServer<T>(
  location: MysqlLocation,
  work: (server: MysqlServer) => Promise<T>,
  plugin = IAM_PLUGIN,
): Promise<T> {
  try {
    const ways = tlsWays(location.tls, location.socket ?? location.host)
    const connection = await byFirstWay(
      ways,
      (tls) => connect(location, tls),
      (error) => asksForAnotherWay(error, location.tls.mode),
    )
    try {
      return await work(serverOn(connection, location, plugin))
    } finally {
      await connection.end().catch(() => connection.destroy())
    }
  } catch (error) {
    throw translateMysqlError(error, location)
  }
}

async function connect(location: MysqlLocation, tls: Tls): Promise<Connection> {
  const { host, port, user, socket, connectTimeout, isIam } = location
  const { createConnection } = await import('mysql2/promise')
  const password = (await location.password()) ?? ''
  const connection = await createConnection({
    ...(socket === null ? { host, port } : { socketPath: socket }),
    user,
    password,
    connectTimeout,
    // A token is sent as it is: iam=1 insists on TLS.
    enableCleartextPlugin: isIam,
    ...(tls !== false && { ssl: sslOptions(tls, host) }),
  })
  connection.on('error', () => {})
  return connection
}

/** The driver looks at the name in a certificate only where it is told to, and never at an address. */
function sslOptions(tls: Exclude<Tls, false>, host: string) {
  const { rejectUnauthorized, checkServerIdentity, ca, cert, key } = tls
  const verifyIdentity = rejectUnauthorized === true && checkServerIdentity === undefined
  if (verifyIdentity && isIP(host) !== 0)
    throw new AdminError(
      'INVALID_DATABASE',
      `sslmode=verify-full needs the name of the server, not the address ${host}`,
    )
  return {
    rejectUnauthorized: rejectUnauthorized === true,
    verifyIdentity,
    ...(typeof ca === 'string' && { ca }),
    ...(typeof cert === 'string' && { cert }),
    ...(typeof key === 'string' && { key }),
  }
}

function serverOn(connection: Connection, location: MysqlLocation, plugin: string): MysqlServer {
  return {
    name: location.name,
    facts: () => readFacts(connection, plugin),
    accountsOf: (user) => accountsOf(connection, user),
    namesLike: (user) => namesLike(connection, user),
    run: (statement) => run(connection, location, statement),
  }
}

async function run(connection: Connection, location: MysqlLocation, statement: string): Promise<void> {
  try {
    await connection.query(statement)
  } catch (error) {
    throw translateMysqlError(error, location)
  }
}

const FACTS = `SELECT VERSION() AS version, @@version_comment AS comment, CURRENT_USER() AS account,
  @@GLOBAL.read_only AS readOnly, @@GLOBAL.innodb_read_only AS innodbReadOnly`

async function readFacts(connection: Connection, plugin: string): Promise<MysqlFacts> {
  const [[row]] = await connection.query<RowDataPacket[]>(FACTS)
  if (row === undefined) throw new Error('the server answered a SELECT without FROM with no row')
  const told = `${row.version} ${row.comment}`
  return {
    engine: /mariadb/i.test(told) ? 'mariadb' : 'mysql',
    version: String(row.version),
    isReadOnly: isOn(row.readOnly) || isOn(row.innodbReadOnly),
    connectedAs: String(row.account),
    hasIamPlugin: await hasPlugin(connection, plugin),
  }
}

/** A variable of the server: a number, or in newer MariaDB a word. */
function isOn(value: unknown): boolean {
  return !/^(0|OFF)$/i.test(String(value))
}

async function hasPlugin(connection: Connection, plugin: string): Promise<boolean> {
  const [rows] = await connection.execute<RowDataPacket[]>(
    "SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_NAME = ? AND PLUGIN_STATUS = 'ACTIVE'",
    [plugin],
  )
  return rows.length > 0
}

/** By bytes: whatever the collation says, Jane is not jane. */
async function accountsOf(connection: Connection, user: string): Promise<readonly MysqlAccount[]> {
  const [rows] = await connection.execute<RowDataPacket[]>(
    'SELECT * FROM mysql.user WHERE CAST(User AS BINARY) = CAST(? AS BINARY) ORDER BY Host',
    [user],
  )
  return rows.map(toAccount)
}

async function namesLike(connection: Connection, user: string): Promise<readonly string[]> {
  const [rows] = await connection.execute<RowDataPacket[]>(
    `SELECT DISTINCT User AS name FROM mysql.user
      WHERE LOWER(CONVERT(User USING utf8mb4)) = LOWER(?) AND CAST(User AS BINARY) <> CAST(? AS BINARY) ORDER BY 1`,
    [user, user],
  )
  return rows.map(({ name }) => String(name))
}

/** MariaDB marks its roles; in MySQL they are users that are locked, expired, and without anything to log in by. */
function toAccount(row: RowDataPacket): MysqlAccount {
  const isLockedShell = row.account_locked === 'Y' && row.password_expired === 'Y' && row.authentication_string === ''
  return {
    host: String(row.Host),
    plugin: String(row.plugin),
    requiresTls: String(row.ssl_type) !== '',
    requiresMoreThanTls: ['X509', 'SPECIFIED'].includes(String(row.ssl_type)),
    isRole: row.is_role === 'Y' || isLockedShell,
    mayCreateUsers: row.Create_user_priv === 'Y',
    mayReplicate: row.Repl_slave_priv === 'Y',
  }
}
