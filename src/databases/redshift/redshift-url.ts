import { JDBC_TLS, jdbcProperties, odbcAttributes } from './connection-strings.ts'
import type { RedshiftEndpoint, RedshiftLogin } from './redshift-login.ts'

export const urlFormats = ['jdbc-iam', 'odbc-iam', 'jdbc', 'uri'] as const

export type UrlFormat = (typeof urlFormats)[number]

/** What a URL without a password is made of. */
export interface UrlParts extends RedshiftEndpoint {
  readonly login: RedshiftLogin
  readonly region: string
  /** Of the file `~/.aws/config`, for the driver to find its credentials by. */
  readonly profile: string | null
  readonly odbcDriver: string
}

export interface RedshiftUrl extends RedshiftEndpoint {
  readonly url: string
  readonly database: string
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
    Region: region,
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

/** Options: Amazon Redshift management guide, "ODBC driver options", version 2.x. */
function odbcIam(parts: UrlParts): string {
  const { host, port, login, region, profile, odbcDriver } = parts
  const { target, user, autoCreate, groups } = login
  return odbcAttributes(odbcDriver, {
    Server: host,
    Port: String(port),
    Database: login.database,
    IAM: '1',
    ...(target.kind === 'cluster' && { ClusterId: target.name }),
    Region: region,
    ...(login.method === 'get-cluster-credentials-with-iam' && { group_federation: '1' }),
    ...(user !== null && { DbUser: user }),
    ...(autoCreate && { AutoCreate: '1' }),
    ...(groups.length > 0 && { DbGroups: groups.join(',') }),
    ...(profile !== null && { Profile: profile }),
    SSLMode: 'verify-full',
  })
}

function plainJdbc({ host, port, login }: UrlParts): string {
  return `jdbc:redshift://${host}:${port}/${encodeURIComponent(login.database)}?${jdbcProperties(JDBC_TLS)}`
}

function plainUri({ host, port, login }: UrlParts): string {
  return `postgresql://${host}:${port}/${encodeURIComponent(login.database)}?sslmode=verify-full`
}
