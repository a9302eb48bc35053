import type { ClientProgram } from './client-program.ts'
import { type ClientLogin, clientVariables, mysqlOptions } from './token-formats.ts'

/** What to start. The token stands in the environment alone, which only its user and root can read. */
export interface ClientRun {
  readonly file: string
  readonly argv: readonly string[]
  readonly environment: NodeJS.ProcessEnv
}

/** What would lead libpq elsewhere, or weaken what is asked of the server (PostgreSQL documentation, "Environment Variables"). */
const LIBPQ =
  /^PG(HOST|HOSTADDR|PORT|USER|PASSWORD|PASSFILE|SERVICE|SERVICEFILE|SSLMODE|SSLROOTCERT|REQUIRESSL|GSSENCMODE|TARGETSESSIONATTRS|LOADBALANCEHOSTS)$/
const MYSQL = /^(MYSQL_(HOST|TCP_PORT|UNIX_PORT|PWD)|LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN)$/

/** @param words of the person, for the client */
export function clientRun(
  { file, dialect, hasOwnPassword }: ClientProgram,
  login: ClientLogin,
  words: readonly string[],
  ambient: NodeJS.ProcessEnv,
): ClientRun {
  const spoken = { ...login, engine: dialect }
  const kept = Object.entries(ambient).filter(([name]) => !(dialect === 'postgres' ? LIBPQ : MYSQL).test(name))
  const environment = { ...Object.fromEntries(kept), ...Object.fromEntries(clientVariables(spoken)) }
  if (dialect === 'postgres') return { file, argv: words, environment: { ...environment, PGGSSENCMODE: 'disable' } }
  const silenced = hasOwnPassword ? { MYSQL_TEST_LOGIN_FILE: '/nonexistent' } : {}
  const argv = [...(hasOwnPassword ? ['--no-defaults'] : []), ...mysqlOptions(spoken), ...words]
  return { file, argv, environment: { ...environment, ...silenced } }
}
