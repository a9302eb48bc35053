import type { Interfaces } from '@oclif/core'
import * as Flags from '@oclif/core/flags'
import { type Engine, engines, usualPort } from '../databases/engine.ts'
import { AdminError } from '../errors.ts'
import { parseDatabaseLogin } from '../iam/database-user.ts'
import { parseProfileName } from '../iam/profile-name.ts'
import { quote } from '../iam/quote.ts'
import { parseRegion } from '../iam/region.ts'
import type { GlobalFlags } from './base-command.ts'
import { optionally, parseAll } from './parse-all.ts'

export const rdsFlags = {
  hostname: Flags.string({
    required: true,
    description: 'the endpoint of the instance, cluster or proxy; an alias or a tunnel with the flags below',
    helpValue: 'H',
  }),
  username: Flags.string({ required: true, description: 'the user of the database, in its own case', helpValue: 'U' }),
  port: Flags.string({ description: 'the port (default: that of the engine)', helpValue: 'P' }),
  engine: Flags.string({
    options: [...engines],
    description: 'whose client it is for (default: by the port, else postgres)',
  }),
  dbname: Flags.string({ description: 'the database to enter', helpValue: 'D' }),
  region: Flags.string({
    description: 'the region, where the name of the endpoint does not have it',
    helpValue: 'R',
  }),
  profile: Flags.string({ description: 'sign with the credentials of this profile alone', helpValue: 'NAME' }),
  'sign-host': Flags.string({
    description: 'the endpoint itself, where --hostname is an end of a tunnel to it (default port: that of the engine)',
    helpValue: 'H[:PORT]',
  }),
  'resolve-cname': Flags.boolean({
    exclusive: ['sign-host'],
    description: '--hostname is another name of the endpoint: ask DNS, sign for that',
  }),
  'ca-bundle': Flags.string({
    description:
      'the certificates of the authorities of RDS (default: rds.caBundle of the configuration, else the usual places)',
    helpValue: 'FILE',
  }),
}

export type RdsFlags = Interfaces.InferredFlags<typeof rdsFlags> & GlobalFlags

/** What the flags say, checked. */
export interface RdsRequest {
  readonly hostname: string
  readonly port: number
  readonly isPortNamed: boolean
  readonly engine: Engine
  readonly username: string
  readonly database: string | null
  readonly region: string | null
  readonly profile: string | null
  readonly signHost: { readonly host: string; readonly port: number; readonly isPortNamed: boolean } | null
  readonly isCnameResolved: boolean
}

// CreateDBInstance, Port (Amazon RDS API reference).
const LOWEST_OF_RDS = 1150
const HIGHEST = 65_535

/**
 * @param fitting the engine that something else asks for, as a format that only its clients read
 * @throws AdminError with all problems at once
 */
export function parseRdsFlags(flags: RdsFlags, fitting: Engine | null): RdsRequest {
  const parsed = parseAll({
    hostname: () => parseHost('--hostname', flags.hostname),
    username: () => parseDatabaseLogin(flags.username),
    named: () => optionally(flags.port, (text) => parsePort('--port', text, 1)) ?? null,
    database: () => optionally(flags.dbname, parseDatabaseName) ?? null,
    region: () => optionally(flags.region, parseRegion) ?? null,
    profile: () => optionally(flags.profile, parseProfileName) ?? null,
    signHost: () => optionally(flags['sign-host'], parseSignHost) ?? null,
  })
  const { named, signHost, ...rest } = parsed
  const engine = engineOf(flags.engine, named, fitting)
  return {
    ...rest,
    engine,
    signHost: signHost && signedEnd(signHost, engine),
    port: named ?? usualPort(engine),
    isPortNamed: named !== null,
    isCnameResolved: flags['resolve-cname'],
  }
}

function engineOf(named: string | undefined, port: number | null, fitting: Engine | null): Engine {
  const engine = engines.find((one) => one === named)
  return engine ?? fitting ?? (port === usualPort('mysql') ? 'mysql' : 'postgres')
}

/** Names come in lower case, as they are signed: DNS does not mind. */
function parseHost(flag: string, text: string): string {
  const host = text.toLowerCase().replace(/\.$/, '')
  if (/^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?$/.test(host) || /^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/.test(host))
    return host
  const hint = /^[^:]+:\d+$/.test(host) ? 'say the port with --port' : 'expected a name, as of an endpoint'
  throw new AdminError('INVALID_DATABASE_REFERENCE', `${flag} ${quote(text)} is no host: ${hint}`)
}

/** The port that is signed is that of the database itself, which the one of the tunnel says nothing of. */
function signedEnd({ host, port }: { readonly host: string; readonly port: number | null }, engine: Engine) {
  return { host, port: port ?? usualPort(engine), isPortNamed: port !== null }
}

function parseSignHost(text: string): { host: string; port: number | null } {
  const [, host = text, port] = /^(.*):([^:]*)$/s.exec(text) ?? []
  const flag = '--sign-host'
  return { host: parseHost(flag, host), port: port === undefined ? null : parsePort(flag, port, LOWEST_OF_RDS) }
}

function parsePort(flag: string, text: string, lowest: number): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= lowest && port <= HIGHEST) return port
  throw new AdminError('USAGE_FLAG', `${flag}: ${quote(text)} is no port, expected ${lowest} to ${HIGHEST}`)
}

function parseDatabaseName(text: string): string {
  if (text !== '' && text.isWellFormed() && !/\p{Cc}/u.test(text)) return text
  throw new AdminError('USAGE_FLAG', `--dbname ${quote(text)} is not the name of a database`)
}
