import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { ClientProgram } from './client-program.ts'
import type { Engine } from './engine.ts'
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

/** Options whose value is the next word, which may be anything. */
const VALUED: Readonly<Record<'psql' | 'mysql', RegExp>> = {
  psql: /^(-[cfvPFRToL]|--(command|file|set|variable|pset|field-separator|record-separator|table-attr|output|log-file))$/,
  mysql: /^(-e|--(execute|init-command|delimiter|prompt|tee|pager))$/,
}
/**
 * What says where to connect to, as whom, with which password and how safely, also behind other letters and cut short, as
 * both clients take it. A word with `=` in front is a connection string of libpq.
 */
const OURS: Readonly<Record<'psql' | 'mysql', RegExp>> = {
  psql: /^(-[aAbeEHlnqsStVxXz01]*[hpUWw]|--(ho|por|us|pas|no-pa)|postgres(ql)?:\/\/|[a-z_]+\s*=|(-d\s*|--db?n?a?m?e?=)(postgres(ql)?:\/\/|[a-z_]+\s*=))/,
  mysql:
    /^(-[AbBCEfGHiNnqrstvVwWX]*[hPupS]|--(loose-|skip-|disable-|enable-)*(ho|por|us|pas|so|proto|ssl|tls|defaults-|default-a|no-def|login|plugin-dir))/,
}

/**
 * Words for the client may not lead the token to another server, nor to one that has not proved who it is.
 *
 * @throws AdminError USAGE_ARGUMENT
 */
export function refuseRedirection(words: readonly string[], engine: Engine): void {
  const client = engine === 'postgres' ? 'psql' : 'mysql'
  const wrong = words.find((word, index) => {
    const isValue = VALUED[client].test(words[index - 1] ?? '')
    const isDatabase = client === 'psql' && /^(-d|--db?n?a?m?e?)$/.test(words[index - 1] ?? '')
    return (!isValue || isDatabase) && OURS[client].test(word)
  })
  if (wrong === undefined) return
  const message = `${quote(wrong.replace(/=.*$/s, '=…'))} is not for the client: where to connect to, as whom and how is said before the --`
  throw new AdminError('USAGE_ARGUMENT', message, { suggestions: ['admin rds connect --help'] })
}
