import { type Engine, engineName } from '../databases/engine.ts'
import type { RdsToken } from '../databases/rds-token.ts'
import { asEnv, asMyCnf, asPgpass, asUri, type ClientLogin, tlsOptions } from '../databases/token-formats.ts'
import { AdminError } from '../errors.ts'
import { shellQuote } from '../iam/quote.ts'

export const tokenFormats = ['token', 'env', 'uri', 'pgpass', 'my.cnf', 'json'] as const

export type TokenFormat = (typeof tokenFormats)[number]

/** How these flags want it: `--json` is the format of that name. */
export function tokenFormatOf(flags: { readonly json: boolean; readonly format: string }): TokenFormat {
  return tokenFormats.find((name) => name === (flags.json ? 'json' : flags.format)) ?? 'token'
}

/**
 * The engine whose clients alone read the format; `null` where the clients of all do.
 *
 * @throws AdminError USAGE_FLAG where another was named
 */
export function engineOfFormat(format: TokenFormat, named: string | undefined): Engine | null {
  const engine = format === 'pgpass' ? 'postgres' : format === 'my.cnf' ? 'mysql' : null
  if (engine === null || named === undefined) return engine
  if ((engine === 'postgres') === (named === 'postgres')) return engine
  throw new AdminError('USAGE_FLAG', `--format ${format} is nothing that a client of ${named} reads`, {
    suggestions: [`--format ${named === 'postgres' ? 'pgpass' : 'my.cnf'}`, '--format env'],
  })
}

/** What `--json` prints: what was signed for only where that is not where to connect to. */
export function tokenResult({ token, target, username, expiresAt, limitedBy, length }: RdsToken) {
  const { hostname, port, region, signHost, signPort } = target
  const isSame = signHost === hostname && signPort === port
  const signed = isSame ? {} : { signHost, signPort }
  return { token, hostname, port, username, region, expiresAt, limitedBy, length, ...signed }
}

export function loginText(login: ClientLogin, format: TokenFormat): string {
  const texts = { env: asEnv, uri: asUri, pgpass: asPgpass, 'my.cnf': asMyCnf }
  return format === 'token' || format === 'json' ? login.token : texts[format](login)
}

/** What the format leaves for the person to say, without which the token goes to whoever answers; `null` where nothing. */
export function missingOptions(login: ClientLogin, format: TokenFormat): string | null {
  const options = format === 'env' ? tlsOptions(login) : null
  if (options === null) return null
  const words = [`--user=${login.username}`, ...options].map(shellQuote).join(' ')
  return `no variable makes a client of ${engineName(login.engine)} check who answers before it sends the token: start it with ${words}, or take --format my.cnf or rds connect`
}
