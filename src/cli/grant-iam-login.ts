import type { Engine } from '../databases/engine.ts'
import type { ExecutedGrant, GrantRequest, GrantResult } from '../databases/iam-users/grant-result.ts'
import { createStatements } from '../databases/iam-users/statements.ts'
import { parseIamUser } from '../databases/iam-users/user-name.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { iamPassword } from './locate-store.ts'

export interface GrantOptions {
  readonly engine: Engine
  readonly dbUser: string
  /** Where to run it; `null` to print it only. */
  readonly connection: string | null
  readonly mayTakePasswordLogin: boolean
}

export interface Connecting {
  readonly warn: (text: string) => void
  /** `null` where nobody can be asked. */
  readonly askPassword: ((server: string) => Promise<string>) | null
}

/**
 * The SQL, or what became of it over a connection of its own.
 *
 * @throws AdminError INVALID_DATABASE_USER, USAGE_FLAG, INVALID_DATABASE; and as the use-cases say
 */
export async function grantIamLogin(options: GrantOptions, connecting: Connecting): Promise<GrantResult> {
  const { engine, connection, mayTakePasswordLogin } = options
  const dbUser = parseIamUser(options.dbUser, engine)
  if (connection === null) return { engine, dbUser, sql: createStatements(engine, dbUser), executed: false }
  refuseOtherScheme(engine, connection)
  const request = { dbUser, mayTakePasswordLogin }
  return engine === 'postgres'
    ? onPostgres(connection, request, connecting)
    : onMysql(engine, connection, request, connecting)
}

async function onPostgres(url: string, request: GrantRequest, connecting: Connecting): Promise<ExecutedGrant> {
  const { parsePostgresLocation } = await import('../connection/postgres-location.ts')
  const { withPostgresServer } = await import('../database-servers/postgres.ts')
  const { grantOnPostgres } = await import('../databases/iam-users/grant-on-postgres.ts')
  return connectTo(parsePostgresLocation(url, process.env, iamPassword), url, connecting, (location) =>
    withPostgresServer(location, (server) => grantOnPostgres(server, request)),
  )
}

async function onMysql(
  engine: 'mysql' | 'mariadb',
  url: string,
  request: GrantRequest,
  connecting: Connecting,
): Promise<ExecutedGrant> {
  const { parseMysqlLocation } = await import('../connection/mysql-location.ts')
  const { withMysqlServer } = await import('../database-servers/mysql.ts')
  const { grantOnMysql } = await import('../databases/iam-users/grant-on-mysql.ts')
  return connectTo(parseMysqlLocation(url, process.env, iamPassword), url, connecting, (location) =>
    withMysqlServer(location, (server) => grantOnMysql(server, engine, request)),
  )
}

const SCHEMES: Readonly<Record<Engine, readonly string[]>> = {
  postgres: ['postgres', 'postgresql'],
  mysql: ['mysql'],
  mariadb: ['mariadb', 'mysql'],
}

function refuseOtherScheme(engine: Engine, url: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()
  const expected = SCHEMES[engine]
  if (scheme !== undefined && expected.includes(scheme)) return
  const seen = scheme === undefined ? 'no URL' : quote(`${scheme}://…`)
  throw new AdminError(
    'USAGE_FLAG',
    `--connection is ${seen}; with --engine ${engine} expected ${expected[0]}://user@host${engine === 'postgres' ? '/database' : ''}`,
  )
}

interface Location {
  readonly name: string
  readonly password: () => Promise<string | null>
  readonly isPasswordInUrl: boolean
}

/** Where the server wants a password and none is at hand, a person is asked, and it is tried once more. */
async function connectTo<L extends Location, T>(
  location: L,
  url: string,
  { warn, askPassword }: Connecting,
  work: (location: L) => Promise<T>,
): Promise<T> {
  if (location.isPasswordInUrl && process.argv.some((word) => word.includes(url))) warn(PASSWORD_IN_ARGUMENTS)
  let isMissing = false
  const password = async () => {
    const known = await location.password()
    isMissing = known === null
    return known
  }
  try {
    return await work({ ...location, password })
  } catch (error) {
    const isRefused = error instanceof AdminError && error.code === 'DENIED_DATABASE'
    if (!isRefused || !isMissing || askPassword === null) throw error
    const typed = await askPassword(location.name)
    return work({ ...location, password: async () => typed })
  }
}

const PASSWORD_IN_ARGUMENTS =
  'the password of the database stands in the command line, which everybody on this machine can see\nleave it out: it is asked for, or comes from PGPASSWORD, ~/.pgpass or MYSQL_PWD'
