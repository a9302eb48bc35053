import { AdminError } from '../../errors.ts'

/** The three operations of AWS that give a password, as the AWS CLI calls them. */
export const redshiftMethods = [
  'get-cluster-credentials',
  'get-cluster-credentials-with-iam',
  'get-credentials',
] as const

export type RedshiftMethod = (typeof redshiftMethods)[number]

/** Where to log in. A custom domain stands for the cluster or the workgroup that it belongs to. */
export interface RedshiftTarget {
  readonly kind: 'cluster' | 'workgroup' | 'custom-domain'
  readonly name: string
}

export interface RedshiftEndpoint {
  readonly host: string
  readonly port: number
}

/** What was asked for; names and durations are checked, how they go together is not. */
export interface RedshiftRequest {
  readonly cluster: string | undefined
  readonly workgroup: string | undefined
  readonly customDomain: string | undefined
  readonly database: string
  readonly user: string | undefined
  readonly autoCreate: boolean
  readonly groups: readonly string[]
  /** Seconds; `undefined`: as AWS does by itself, 900. */
  readonly duration: number | undefined
  readonly method: RedshiftMethod | undefined
  readonly host: string | undefined
  readonly port: number | undefined
  readonly region: string | undefined
}

/** A login that one operation of AWS can give a password for. */
export interface RedshiftLogin {
  readonly method: RedshiftMethod
  readonly target: RedshiftTarget
  readonly database: string
  /** `null`: AWS makes it out of the identity of the caller. */
  readonly user: string | null
  readonly autoCreate: boolean
  /** In the order of their names. */
  readonly groups: readonly string[]
  readonly duration: number | null
  /** `null`: AWS is asked. */
  readonly endpoint: RedshiftEndpoint | null
  /** `null`: that of the caller's own settings. */
  readonly region: string | null
}

export const REDSHIFT_PORT = 5439

/**
 * Finds the operation that is meant, and refuses what it does not know: a cluster with a user, a cluster alone and a
 * workgroup are three different ones.
 *
 * @throws AdminError USAGE_FLAG
 */
export function routeLogin(request: RedshiftRequest): RedshiftLogin {
  const target = targetOf(request)
  const method = methodOf(request, target)
  refuseStrangers(request, method)
  const { database, user = null, autoCreate, duration = null, region = null } = request
  const groups = [...new Set(request.groups)].sort()
  return { method, target, database, user, autoCreate, groups, duration, endpoint: endpointOf(request), region }
}

function targetOf({ cluster, workgroup, customDomain }: RedshiftRequest): RedshiftTarget {
  const given = [
    { kind: 'cluster', name: cluster },
    { kind: 'workgroup', name: workgroup },
    { kind: 'custom-domain', name: customDomain },
  ].filter((target): target is RedshiftTarget => target.name !== undefined)
  const [target] = given
  if (target === undefined)
    throw usage('name what to log in to: --cluster, or --workgroup for Redshift Serverless, or --custom-domain')
  if (given.length > 1)
    throw usage(`${given.map(({ kind }) => `--${kind}`).join(' and ')} name different things to log in to; give one`)
  return target
}

function methodOf({ method, user }: RedshiftRequest, { kind }: RedshiftTarget): RedshiftMethod {
  if (kind === 'custom-domain' && user === undefined && method === undefined) {
    throw usage(
      '--custom-domain does not say whether it is of a cluster or of a workgroup\ngive --db-user, or --method get-cluster-credentials-with-iam for a cluster, or --method get-credentials for a workgroup',
    )
  }
  const natural = naturalMethod(kind, user !== undefined)
  if (method === undefined || method === natural) return natural
  if (kind === 'custom-domain' && method === 'get-credentials') return method
  throw usage(`--method ${method} ${MISMATCHES[method]}`)
}

function naturalMethod(kind: RedshiftTarget['kind'], hasUser: boolean): RedshiftMethod {
  if (kind === 'workgroup') return 'get-credentials'
  return hasUser ? 'get-cluster-credentials' : 'get-cluster-credentials-with-iam'
}

const MISMATCHES: Readonly<Record<RedshiftMethod, string>> = {
  'get-cluster-credentials': 'logs in to a cluster as a user that is named: give --cluster and --db-user',
  'get-cluster-credentials-with-iam':
    'logs in to a cluster as the user that AWS makes out of your identity: give --cluster, and no --db-user',
  'get-credentials': 'logs in to Redshift Serverless: give --workgroup, or --custom-domain without --db-user',
}

/** What only a named user of a cluster can have. */
function refuseStrangers({ user, autoCreate, groups }: RedshiftRequest, method: RedshiftMethod): void {
  if (method === 'get-cluster-credentials') return
  const strangers = [
    ...(user === undefined ? [] : ['--db-user']),
    ...(autoCreate ? ['--auto-create'] : []),
    ...(groups.length === 0 ? [] : ['--group']),
  ]
  if (strangers.length === 0) return
  const reason =
    method === 'get-credentials'
      ? 'Redshift Serverless makes the user out of your identity, and lets nobody choose it or its groups'
      : 'without --db-user AWS makes the user out of your identity, and makes it by itself'
  throw usage(`${strangers.join(' and ')} cannot be had here: ${reason}`)
}

/** Who names the host connects through a tunnel or a name of their own: AWS is not asked. */
function endpointOf({ customDomain, host = customDomain, port }: RedshiftRequest): RedshiftEndpoint | null {
  if (host !== undefined) return { host, port: port ?? REDSHIFT_PORT }
  if (port !== undefined) throw usage('--port goes with --host: of a cluster or a workgroup AWS knows both')
  return null
}

function usage(message: string): AdminError {
  return new AdminError('USAGE_FLAG', message)
}
