import { shellQuote } from '../iam/quote.ts'
import { type ClientAddress, pairedHosts } from './client-address.ts'
import type { Engine } from './engine.ts'
import { forgetStale } from './stale-variables.ts'

/** All that a client needs to let a person in. */
export interface ClientLogin extends ClientAddress {
  readonly engine: Engine
  readonly username: string
  readonly token: string
  /** `null`: whichever the client takes, or any. */
  readonly database: string | null
  /** The file with the certificates to believe; `null` where the client must be told otherwise. */
  readonly caBundle: string | null
}

type Setting = readonly [name: string, value: string]

/** Variables of libpq, or of the clients of MySQL, which take the user from nowhere but their command line. */
export function clientVariables(login: ClientLogin): readonly Setting[] {
  return login.engine === 'postgres' ? libpqVariables(login) : mysqlVariables(login)
}

/** As a shell takes them: `settings=$(admin rds token … --format env) && eval "$settings"`. */
export function asEnv(login: ClientLogin): string {
  const forgotten = login.engine === 'postgres' ? [forgetStale()] : []
  const set = clientVariables(login).map(([name, value]) => `export ${name}=${shellQuote(value)}`)
  return [...forgotten, ...set].map((line) => `${line}\n`).join('')
}

/** Everything that could end a part of it is percent-encoded (RFC 3986 §2.1). */
export function asUri(login: ClientLogin): string {
  const { engine, username, token, host, port, database } = login
  const user = `${encode(username)}:${encode(token)}`
  const parameters = engine === 'postgres' ? libpqParameters(login) : mysqlParameters(login)
  const query = parameters.map(([name, value]) => `${name}=${encode(value)}`).join('&')
  const scheme = engine === 'postgres' ? 'postgresql' : 'mysql'
  return `${scheme}://${user}@${host}:${port}/${encode(database ?? '')}?${query}\n`
}

/** A line of `.pgpass`, where a colon ends a field (PostgreSQL documentation, "The Password File"). */
export function asPgpass({ host, port, database, username, token }: ClientLogin): string {
  const inField = (text: string) => text.replace(/[\\:]/g, '\\$&')
  return `${[host, String(port), database ?? '*', username, token].map(inField).join(':')}\n`
}

/** For `--defaults-extra-file` (MySQL reference manual, "Using Option Files": quotes, and backslashes before what they end). */
export function asMyCnf(login: ClientLogin): string {
  const { host, port, username, token, database } = login
  const settings: readonly Setting[] = [
    ['host', host],
    ['port', String(port)],
    ['protocol', 'tcp'],
    ['user', username],
    ['password', token],
    ...mysqlTls(login),
  ]
  const lines = settings.map(([name, value]) => (value === '' ? name : `${name}="${inOptionFile(value)}"`))
  const named = database === null ? [] : ['[mysql]', `database="${inOptionFile(database)}"`]
  return `${['[client]', ...lines, ...named].join('\n')}\n`
}

/** What the command line says that no variable can. */
export function mysqlOptions(login: ClientLogin): readonly string[] {
  const { host, port, username, database } = login
  return [
    ...['--protocol=tcp', `--host=${host}`, `--port=${port}`, `--user=${username}`],
    ...asOptions(mysqlTls(login)),
    ...(database === null ? [] : [`--database=${database}`]),
  ]
}

function libpqVariables(login: ClientLogin): readonly Setting[] {
  const { addresses, port, username, token, database, caBundle } = login
  return [
    ['PGHOST', pairedHosts(login)],
    ...given('PGHOSTADDR', addresses.length === 0 ? null : addresses.join(',')),
    ['PGPORT', String(port)],
    ['PGUSER', username],
    ...given('PGDATABASE', database),
    ['PGPASSWORD', token],
    ['PGSSLMODE', 'verify-full'],
    ...given('PGSSLROOTCERT', caBundle),
  ]
}

function libpqParameters({ addresses, caBundle }: ClientLogin): readonly Setting[] {
  return [...given('hostaddr', addresses[0] ?? null), ['sslmode', 'verify-full'], ...given('sslrootcert', caBundle)]
}

/** Those of MySQL's client want to be told that the password may travel as it is; there is TLS around it. */
function mysqlVariables({ host, port, token, engine }: ClientLogin): readonly Setting[] {
  return [
    ['MYSQL_HOST', host],
    ['MYSQL_TCP_PORT', String(port)],
    ['MYSQL_PWD', token],
    ...(engine === 'mysql' ? [['LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN', '1'] as const] : []),
  ]
}

function mysqlParameters({ caBundle, engine }: ClientLogin): readonly Setting[] {
  return [
    ['ssl-mode', 'VERIFY_IDENTITY'],
    ...given('ssl-ca', caBundle),
    ...(engine === 'mysql' ? [['auth-method', 'mysql_clear_password'] as const] : []),
  ]
}

/**
 * What the clients of MySQL and MariaDB must be told to check who answers before they send the token: no variable does it.
 *
 * @returns `null` for libpq, which takes it from variables
 */
export function tlsOptions(login: ClientLogin): readonly string[] | null {
  if (login.engine === 'postgres') return null
  const named = { ...login, caBundle: login.caBundle ?? 'FILE' }
  return asOptions(mysqlTls(named))
}

/** In the words of either client (MySQL reference manual and MariaDB documentation, "mysql command-line client"). */
function mysqlTls({ engine, caBundle }: ClientLogin): readonly Setting[] {
  const ca = given('ssl-ca', caBundle)
  return engine === 'mysql'
    ? [['ssl-mode', 'VERIFY_IDENTITY'], ...ca, ['enable-cleartext-plugin', '']]
    : [['ssl', ''], ...ca, ['ssl-verify-server-cert', '']]
}

function asOptions(settings: readonly Setting[]): readonly string[] {
  return settings.map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`))
}

function given(name: string, value: string | null): readonly Setting[] {
  return value === null ? [] : [[name, value]]
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
}

function inOptionFile(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}
