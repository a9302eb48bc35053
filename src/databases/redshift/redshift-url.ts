import { JDBC_TLS, jdbcProperties, odbcAttributes } from './connection-strings.ts'
import { endpointOf, type RedshiftSources } from './redshift-credentials.ts'
import type { RedshiftEndpoint, RedshiftLogin } from './redshift-login.ts'
import { driverTunnelProblem, isTunnel, regionOfRedshift, unnamedTunnelProblem } from './tunnel.ts'

export const urlFormats = ['jdbc-iam', 'odbc-iam', 'jdbc', 'uri'] as const

export type UrlFormat = (typeof urlFormats)[number]

/** What a URL without a password is made of. */
export interface UrlParts extends RedshiftEndpoint {
  readonly login: RedshiftLogin
  /** `null`: whoever uses the URL needs none. */
  readonly region: string | null
  /** Of the file `~/.aws/config`, for the driver to find its credentials by. */
  readonly profile: string | null
  readonly odbcDriver: string
  /** Where libpq finds the authorities that it trusts: a file, or `system`. */
  readonly rootCertificates: string
}

export interface RedshiftUrl extends RedshiftEndpoint {
  readonly url: string
  readonly database: string
}

export interface UrlSources extends Pick<RedshiftSources, 'access'> {
  /**
   * That of the caller's own settings, without a look at AWS.
   *
   * @throws AdminError INVALID_REGION
   */
  readonly region: () => Promise<string>
}

/**
 * Where to connect to, and the region for a driver that asks AWS itself. Where the host is named AWS is not asked, and no
 * credentials are needed: they may be another person's who uses the URL.
 *
 * @throws AdminError NOT_FOUND_CLUSTER, NOT_FOUND_WORKGROUP, DENIED_AWS, DENIED_AWS_CREDENTIALS, INVALID_REGION
 */
export async function findUrlPlace(
  login: RedshiftLogin,
  format: UrlFormat,
  sources: UrlSources,
): Promise<Pick<UrlParts, 'host' | 'port' | 'region'>> {
  const { endpoint, region } = login
  if (endpoint === null) {
    const access = await sources.access()
    const { host, port } = await endpointOf(login, access)
    return { host, port, region: access.region }
  }
  const named = region ?? regionOfRedshift(endpoint.host)
  return { ...endpoint, region: named ?? (isForDriverOfAws(format) ? await sources.region() : null) }
}

function isForDriverOfAws(format: UrlFormat): boolean {
  return format === 'jdbc-iam' || format === 'odbc-iam'
}

/** What keeps a URL from being of use as it is, or `null`. */
export function urlProblem({ login, host, port }: UrlParts, format: UrlFormat): string | null {
  if (!isTunnel(login)) return null
  return (format === 'uri' ? unnamedTunnelProblem : driverTunnelProblem)({ host, port })
}

/** Whoever uses it fetches a password by itself (`…-iam`), or brings one. */
export function redshiftUrl(parts: UrlParts, format: UrlFormat): RedshiftUrl {
  const { host, port, login } = parts
  const writers: Readonly<Record<UrlFormat, (parts: UrlParts) => string>> = {
    'jdbc-iam': jdbcIam,
    'odbc-iam': odbcIam,
    jdbc: plainJdbc,
    uri: plainUri,
  }
  return { url: writers[format](parts), host, port, database: login.database }
}

/** Options: Amazon Redshift management guide, "Options for JDBC driver version 2.x configuration". */
function jdbcIam(parts: UrlParts): string {
  const { host, port, login, region, profile } = parts
  const { target, user, autoCreate, groups, duration } = login
  const properties = {
    ...(target.kind === 'cluster' && { ClusterID: target.name }),
    ...(target.kind === 'workgroup' && { isServerless: 'true', serverlessWorkGroup: target.name }),
    ...(region !== null && { Region: region }),
    ...(login.method === 'get-cluster-credentials-with-iam' && { groupFederation: 'true' }),
    ...(user !== null && { DbUser: user }),
    ...(autoCreate && { AutoCreate: 'true' }),
    ...(groups.length > 0 && { DbGroups: groups.join(',') }),
    ...(duration !== null && { IAMDuration: String(duration) }),
    ...(profile !== null && { Profile: profile }),
    ...JDBC_TLS,
  }
  return `jdbc:redshift:iam://${host}:${port}/${encodeURIComponent(login.database)}?${jdbcProperties(properties)}`
}

/**
 * Options: Amazon Redshift management guide, "ODBC driver options", version 2.x; IAMDuration: aws/amazon-redshift-odbc-driver,
 * RsIamHelper.
 */
function odbcIam(parts: UrlParts): string {
  const { host, port, login, region, profile, odbcDriver } = parts
  const { target, user, autoCreate, groups, duration } = login
  return odbcAttributes(odbcDriver, {
    Server: host,
    Port: String(port),
    Database: login.database,
    IAM: '1',
    ...(target.kind === 'cluster' && { ClusterId: target.name }),
    ...(region !== null && { Region: region }),
    ...(login.method === 'get-cluster-credentials-with-iam' && { group_federation: '1' }),
    ...(user !== null && { DbUser: user }),
    ...(autoCreate && { AutoCreate: '1' }),
    ...(groups.length > 0 && { DbGroups: groups.join(',') }),
    ...(duration !== null && { IAMDuration: String(duration) }),
    ...(profile !== null && { Profile: profile }),
    SSLMode: 'verify-full',
  })
}

function plainJdbc({ host, port, login }: UrlParts): string {
  return `jdbc:redshift://${host}:${port}/${encodeURIComponent(login.database)}?${jdbcProperties(JDBC_TLS)}`
}

/** Without a file libpq would look for one in the home directory (PostgreSQL documentation, sslrootcert). */
function plainUri({ host, port, login, rootCertificates }: UrlParts): string {
  const file = encodeURIComponent(rootCertificates).replaceAll('%2F', '/')
  return `postgresql://${host}:${port}/${encodeURIComponent(login.database)}?sslmode=verify-full&sslrootcert=${file}`
}
