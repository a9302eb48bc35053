import { AdminError } from '../errors.ts'
import { endpointProblem, isCustomEndpoint, regionOfEndpoint } from '../iam/database-reference.ts'
import { quote } from '../iam/quote.ts'
import { type NamedRedshift, redshiftNamedBy } from '../iam/redshift-names.ts'
import { parseRegionOf } from '../iam/region.ts'
import { type FindCname, followCnames } from './cname-chain.ts'

/** Where a client connects to, and what the token is signed for; the same but for aliases and tunnels. */
export interface RdsTarget {
  readonly hostname: string
  readonly port: number
  readonly signHost: string
  readonly signPort: number
  readonly region: string
  /** `hostname` is another name of `signHost`, by DNS. */
  readonly isAlias: boolean
  /** What a person should know: other regions than they said, names that lead to others. */
  readonly warnings: readonly string[]
}

export interface TargetRequest {
  readonly hostname: string
  readonly port: number
  /** The endpoint itself where `hostname` is an end of a tunnel, whose `port` is another. */
  readonly signHost: { readonly host: string; readonly port: number } | null
  readonly isCnameResolved: boolean
  /** As it was named, and what the environment has, which may be no region. */
  readonly region: string | null
  readonly ambientRegion: { readonly name: string; readonly region: string } | null
}

/**
 * Host, port and region stand in the signature, and a wrong one shows only when the database refuses the token. So what
 * cannot work is refused here (Amazon Aurora user guide, "Connecting to your DB cluster using IAM authentication": no
 * custom domain names, no custom endpoints), and the region is the one in the name of the endpoint.
 *
 * @throws AdminError INVALID_DATABASE_REFERENCE, INVALID_REGION, UNAVAILABLE_DNS
 */
export async function findRdsTarget(request: TargetRequest, findCname: FindCname): Promise<RdsTarget> {
  const { hostname, port, signHost } = request
  const { host, names } = await hostToSign(request, findCname)
  const { region, warnings } = regionToSign(host, request)
  const alias = names.length === 0 ? [] : [`${quote(hostname)} leads to ${names.join(', ')}: signed for that`]
  const signed = { signHost: host, signPort: signHost?.port ?? port, region }
  return { hostname, port, ...signed, isAlias: names.length > 0, warnings: [...alias, ...warnings] }
}

/**
 * A host that is signed for as it is named, whatever it is.
 *
 * @throws AdminError INVALID_REGION where neither its name nor the environment has one; INVALID_DATABASE_REFERENCE
 */
export function targetAsNamed(place: Pick<TargetRequest, 'hostname' | 'port' | 'ambientRegion'>): RdsTarget {
  const { port } = place
  const hostname = place.hostname.toLowerCase()
  if (endpointProblem(hostname) !== null) throw unsignable(hostname, hostProblem(hostname))
  const signed = { signHost: hostname, signPort: port, ...regionToSign(hostname, { ...place, region: null }) }
  return { hostname, port, ...signed, isAlias: false }
}

interface SignedHost {
  readonly host: string
  /** The names on the way from the alias, the last one included. */
  readonly names: readonly string[]
}

async function hostToSign(request: TargetRequest, findCname: FindCname): Promise<SignedHost> {
  const { hostname, signHost, isCnameResolved } = request
  if (signHost !== null) return { host: namedHost(signHost.host, request), names: [] }
  if (isEndpoint(hostname)) return { host: hostname, names: [] }
  const problem = hostProblem(hostname)
  if (problem.isFinal || !isCnameResolved) throw unsignable(hostname, problem)
  const names = await followCnames(hostname, isEndpoint, findCname)
  return { host: names.at(-1) ?? hostname, names }
}

/** One of a form that nobody knew when this was written will do where its region is named, too. */
function namedHost(host: string, { region }: TargetRequest): string {
  if (isEndpoint(host)) return host
  const problem = hostProblem(host)
  if (problem.isFinal || isCustomEndpoint(host) || region === null) {
    const why = endpointProblem(host) ?? 'expected NAME.….REGION.rds.amazonaws.com'
    const message = `--sign-host ${quote(host)} is not an endpoint of RDS: ${why}`
    throw new AdminError('INVALID_DATABASE_REFERENCE', message, { suggestions: DESCRIBE })
  }
  return host
}

function isEndpoint(host: string): boolean {
  return regionOfEndpoint(host) !== null && !isCustomEndpoint(host)
}

interface HostProblem {
  readonly words: string
  readonly fix: string
  /** No name leads on from here. */
  readonly isFinal: boolean
  readonly suggestions?: readonly string[]
}

const DESCRIBE = [
  'aws rds describe-db-clusters --query "DBClusters[].Endpoint"',
  'aws rds describe-db-instances --query "DBInstances[].Endpoint.Address"',
]

function hostProblem(host: string): HostProblem {
  const impossible = endpointProblem(host)
  if (impossible !== null) return { words: impossible, fix: 'write the endpoint as RDS shows it', isFinal: true }
  const redshift = redshiftNamedBy(host)
  if (redshift !== null) return ofRedshift(redshift)
  const tunnel = 'where a tunnel begins here, name the endpoint at its other end: --sign-host ENDPOINT[:PORT]'
  if (isAddress(host)) return { words: 'it is an IP address', fix: tunnel, isFinal: true }
  if (/^localhost$|\.localhost$/.test(host)) return { words: 'it is this host', fix: tunnel, isFinal: true }
  if (isCustomEndpoint(host)) {
    const fix =
      'connect to the endpoint of the cluster, of its readers or of an instance\nor say --resolve-cname: the token is then for the instance that it leads to now'
    return { words: 'custom endpoints of Aurora take no IAM authentication', fix, isFinal: false }
  }
  const fix = `where it is another name of one, say --resolve-cname\n${tunnel}`
  return { words: 'it is not an endpoint of RDS, …REGION.rds.amazonaws.com', fix, isFinal: false }
}

function ofRedshift({ kind, name, region }: NamedRedshift): HostProblem {
  const fix = 'Redshift takes no such tokens: AWS gives passwords for it'
  const suggestions = [`admin redshift credentials --${kind} ${name} --region ${region} --db-name DATABASE`]
  return { words: 'it is an endpoint of Redshift, not of RDS', fix, isFinal: true, suggestions }
}

/** Of names, none has a colon or a number at its end (RFC 1123 §2.1; `isIP` of node:net takes 4 ms to load). */
export function isAddress(host: string): boolean {
  return host.includes(':') || /(^|\.)\d+$/.test(host)
}

function unsignable(host: string, { words, fix, suggestions = DESCRIBE }: HostProblem): AdminError {
  const message = `no token can be signed for ${quote(host)}: ${words}\n${fix}`
  return new AdminError('INVALID_DATABASE_REFERENCE', message, { suggestions, details: { hostname: host } })
}

function regionToSign(host: string, { region: named, ambientRegion }: Pick<TargetRequest, 'region' | 'ambientRegion'>) {
  const own = regionOfEndpoint(host)
  const region = own ?? named ?? (ambientRegion && parseRegionOf(ambientRegion.name, ambientRegion.region))
  if (region === null) {
    const message = `the region of the database ${quote(host)} is not known: it is no endpoint of RDS, and AWS_REGION is not set`
    throw new AdminError('INVALID_REGION', message)
  }
  return { region, warnings: [otherRegion(region, { named, ambientRegion })].filter((words) => words !== null) }
}

function otherRegion(
  region: string,
  { named, ambientRegion }: { named: string | null; ambientRegion: TargetRequest['ambientRegion'] },
): string | null {
  const said = named === null ? ambientRegion : { name: '--region', region: named }
  if (said === null || said.region === region) return null
  return `${said.name} is ${quote(said.region)}, but the endpoint is in ${region}: signed for ${region}`
}
