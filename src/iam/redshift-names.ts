import { AdminError } from '../errors.ts'
import { DNS_SUFFIX_PATTERN } from './partition.ts'
import { quote } from './quote.ts'
import { REGION_PATTERN } from './region.ts'

const NAME = /^[A-Za-z][\w+.@-]*$/
const SHORTEST_SECONDS = 900
const LONGEST_SECONDS = 3600

const ENDPOINT = new RegExp(
  `^([a-z0-9-]+)\\.[a-z0-9]+\\.(${REGION_PATTERN})\\.redshift(-serverless)?\\.(?:${DNS_SUFFIX_PATTERN})(?::\\d+)?(?:/\\w*)?$`,
)
const ARN = new RegExp(`^arn:[^:]+:redshift:(${REGION_PATTERN}):\\d{12}:cluster:([a-z0-9-]+)$`)

/** What the endpoint of a cluster or a workgroup, or the ARN of a cluster, is a name of. */
export interface NamedRedshift {
  readonly kind: 'cluster' | 'workgroup'
  readonly name: string
  readonly region: string
}

export function redshiftNamedBy(text: string): NamedRedshift | null {
  const [, identifier, place, serverless] = ENDPOINT.exec(text.toLowerCase()) ?? []
  const kind = serverless === undefined ? 'cluster' : 'workgroup'
  if (identifier !== undefined && place !== undefined) return { kind, name: identifier, region: place }
  const [, region, name] = ARN.exec(text) ?? []
  return region === undefined || name === undefined ? null : { kind: 'cluster', name, region }
}

/**
 * Rules: Amazon Redshift API reference, CreateCluster, ClusterIdentifier.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftCluster(text: string): string {
  return accept(text, 'the identifier of a Redshift cluster', clusterProblem(text))
}

/**
 * Rules: Amazon Redshift Serverless API reference, GetCredentials, workgroupName.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftWorkgroup(text: string): string {
  const isName = /^[a-z0-9-]{3,64}$/.test(text)
  const expected = 'expected 3 to 64 lower-case letters, digits and hyphens'
  return accept(text, 'a Redshift Serverless workgroup', isName ? null : (meantBy(text) ?? expected))
}

/**
 * Rules: Amazon Redshift API reference, GetClusterCredentials, DbUser. A wildcard is refused: it would let its holder log
 * in as anybody, the administrator included.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftUser(text: string): string {
  const reserved = text.toLowerCase() === 'public' ? 'PUBLIC is reserved' : null
  return accept(text, 'a Redshift user', nameProblem(text) ?? reserved)
}

/**
 * A user to log in as: as {@link parseRedshiftUser}, in lower case. What AWS says to another case: "DbUser parameter must be
 * lowercase" (aws/amazon-redshift-python-driver, issue 49).
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftLoginUser(text: string): string {
  const upper = /[A-Z]/.test(text) ? `Redshift logs in users in lower case only, as ${quote(text.toLowerCase())}` : null
  return accept(parseRedshiftUser(text), 'a Redshift user', upper)
}

/**
 * Rules: Amazon Redshift API reference, GetClusterCredentials, DbName.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftDatabase(text: string): string {
  return accept(text, 'a Redshift database', nameProblem(text))
}

/**
 * Rules: Amazon Redshift API reference, GetClusterCredentials, DbGroups.
 *
 * @throws AdminError INVALID_REDSHIFT_NAME
 */
export function parseRedshiftGroup(text: string): string {
  const upper = /[A-Z]/.test(text) ? 'Redshift knows groups in lower case only' : null
  return accept(text, 'a Redshift group', upper ?? nameProblem(text))
}

/**
 * How long a password is good for, in seconds. Rules: Amazon Redshift API reference, GetClusterCredentials,
 * DurationSeconds: 900 to 3600.
 *
 * @throws AdminError INVALID_DURATION
 */
export function parseRedshiftDuration(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})([smhd]?)$/.exec(text) ?? []
  const seconds = amount === '' ? Number.NaN : Number(amount) * (SECONDS[unit] ?? Number.NaN)
  const problem = durationProblem(seconds, unit)
  if (problem === null) return seconds
  throw new AdminError('INVALID_DURATION', `${quote(text)} is not a duration of Redshift credentials: ${problem}`)
}

/** Without a unit AWS would mean seconds. */
const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

function durationProblem(seconds: number, unit: string): string | null {
  const expected = 'expected 15m to 60m'
  if (Number.isNaN(seconds)) return expected
  const limits = `Redshift gives ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}; ${expected}`
  if (seconds > LONGEST_SECONDS) return `${seconds} seconds are too many, ${limits}`
  if (seconds < SHORTEST_SECONDS) return `${seconds} seconds are too few, ${limits}`
  return unit === 'm' || unit === 'h' ? null : `say it with its unit, as ${Math.ceil(seconds / 60)}m`
}

function accept(text: string, what: string, problem: string | null): string {
  if (problem !== null) throw new AdminError('INVALID_REDSHIFT_NAME', `${quote(text)} is not ${what}: ${problem}`)
  return text
}

/** The place has a flag or a key of its own. */
function meantBy(text: string): string | null {
  const named = redshiftNamedBy(text)
  return named === null ? null : `did you mean the ${named.kind} ${quote(named.name)}, in region ${named.region}?`
}

function clusterProblem(text: string): string | null {
  const meant = meantBy(text)
  if (meant !== null) return meant
  if (text.length > 63) return `it has ${text.length} characters, at most 63 are allowed`
  if (/[A-Z]/.test(text)) return 'Redshift knows clusters in lower case only'
  return /^[a-z](-?[a-z0-9])*$/.test(text)
    ? null
    : 'expected letters, digits and single hyphens, beginning with a letter and not ending with a hyphen'
}

function nameProblem(text: string): string | null {
  if (/[*?]/.test(text)) return 'it has a wildcard; name each'
  if (text.length > 64) return `it has ${text.length} characters, at most 64 are allowed`
  return NAME.test(text) ? null : 'expected letters, digits and _+.@-, beginning with a letter'
}
