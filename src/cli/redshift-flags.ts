import * as Flags from '@oclif/core/flags'
import { ODBC_DRIVER } from '../databases/redshift/connection-strings.ts'
import {
  type RedshiftLogin,
  type RedshiftRequest,
  redshiftMethods,
  routeLogin,
} from '../databases/redshift/redshift-login.ts'
import { parseHostName } from '../iam/host-name.ts'
import { parseProfileName } from '../iam/profile-name.ts'
import {
  parseRedshiftCluster,
  parseRedshiftDatabase,
  parseRedshiftDuration,
  parseRedshiftGroup,
  parseRedshiftLoginUser,
  parseRedshiftWorkgroup,
} from '../iam/redshift-names.ts'
import { parseRegion } from '../iam/region.ts'
import { repeated } from './formats.ts'
import { optionally, parseAll } from './parse-all.ts'

export const redshiftFlags = {
  cluster: Flags.string({ description: 'the identifier of a provisioned cluster', helpValue: 'ID' }),
  workgroup: Flags.string({ description: 'a workgroup of Redshift Serverless', helpValue: 'NAME' }),
  'custom-domain': Flags.string({
    description: 'the custom domain of a cluster or a workgroup, in place of it',
    helpValue: 'HOST',
  }),
  'db-name': Flags.string({ description: 'the database', helpValue: 'NAME', required: true }),
  'db-user': Flags.string({
    description: 'the database user (left out: the one that AWS makes out of your identity)',
    helpValue: 'NAME',
  }),
  'auto-create': Flags.boolean({ description: 'with --db-user: make the user at login if it is not there' }),
  group: Flags.string({
    ...repeated,
    description: 'with --db-user: a group that the user joins for the session',
    helpValue: 'NAME',
  }),
  duration: Flags.string({ description: 'how long the password is good for: 15m (default) to 60m', helpValue: 'TIME' }),
  method: Flags.string({
    options: [...redshiftMethods],
    description: `the operation of AWS that must be meant, where the other flags say another one: ${redshiftMethods.join(', ')}`,
    helpValue: 'OPERATION',
  }),
  host: Flags.string({
    description: 'connect to this host, as of a tunnel, and not to the one that AWS knows',
    helpValue: 'HOST',
  }),
  port: Flags.integer({ min: 1, max: 65535, description: 'with --host: the port (default: 5439)', helpValue: 'PORT' }),
  region: Flags.string({ description: 'the region, if it is not that of your settings', helpValue: 'REGION' }),
  profile: Flags.string({ description: 'a profile of ~/.aws/config, in place of AWS_PROFILE', helpValue: 'NAME' }),
  'odbc-driver': Flags.string({
    description: 'for ODBC: the driver as odbcinst.ini calls it',
    default: ODBC_DRIVER,
    helpValue: 'NAME',
  }),
}

interface RedshiftFlags {
  readonly cluster?: string | undefined
  readonly workgroup?: string | undefined
  readonly 'custom-domain'?: string | undefined
  readonly 'db-name': string
  readonly 'db-user'?: string | undefined
  readonly 'auto-create': boolean
  readonly group?: readonly string[] | undefined
  readonly duration?: string | undefined
  readonly method?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
}

/** A login, and as whom AWS is asked for it. */
export interface ParsedLogin {
  readonly login: RedshiftLogin
  readonly profile: string | null
}

/** @throws AdminError of what is wrong by itself, all at once; else of what does not go together */
export function parseRedshiftLogin(flags: RedshiftFlags): ParsedLogin {
  const request = parseAll<RedshiftRequest & { readonly profile: string | undefined }>({
    cluster: () => optionally(flags.cluster, parseRedshiftCluster),
    workgroup: () => optionally(flags.workgroup, parseRedshiftWorkgroup),
    customDomain: () => optionally(flags['custom-domain'], parseHostName),
    database: () => parseRedshiftDatabase(flags['db-name']),
    user: () => optionally(flags['db-user'], parseRedshiftLoginUser),
    autoCreate: () => Boolean(flags['auto-create']),
    groups: () => (flags.group ?? []).map(parseRedshiftGroup),
    duration: () => optionally(flags.duration, parseRedshiftDuration),
    method: () => redshiftMethods.find((name) => name === flags.method),
    host: () => optionally(flags.host, parseHostName),
    port: () => flags.port,
    region: () => optionally(flags.region, parseRegion),
    profile: () => optionally(flags.profile, parseProfileName),
  })
  return { login: routeLogin(request), profile: request.profile ?? null }
}
