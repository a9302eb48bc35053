import { shellQuote } from '../../iam/quote.ts'
import { type ClientAddress, pairedHosts } from '../client-address.ts'
import { forgetStale } from '../stale-variables.ts'
import type { RedshiftCredentials } from './redshift-credentials.ts'

export interface ConnectionSettings {
  readonly credentials: RedshiftCredentials
  /** For libpq, which connects to one place and checks the name of another. */
  readonly address: ClientAddress
  /** Where libpq finds the authorities that it trusts: a file, or `system`. */
  readonly rootCertificates: string
  /** As `odbcinst.ini` calls the driver. */
  readonly odbcDriver: string
}

/** Name of version 2 of the driver (Amazon Redshift management guide, "Getting the ODBC URL"). */
export const ODBC_DRIVER = 'Amazon Redshift ODBC Driver (x64)'

/**
 * Redshift shows certificates of Amazon's public authorities (management guide, "Configuring security options for
 * connections"), so those that the system trusts will do. By this name libpq knows them since version 16.
 */
export const SYSTEM_CERTIFICATES = 'system'

/** Lines for `eval` in sh, bash and zsh. */
export function envLines({ credentials, address, rootCertificates }: ConnectionSettings): string {
  const { database, dbUser, dbPassword } = credentials
  const variables = {
    PGHOST: pairedHosts(address),
    ...(address.addresses.length > 0 && { PGHOSTADDR: address.addresses.join(',') }),
    PGPORT: String(address.port),
    PGDATABASE: database,
    PGUSER: dbUser,
    PGPASSWORD: dbPassword,
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: rootCertificates,
  }
  const set = Object.entries(variables).map(([name, value]) => `export ${name}=${shellQuote(value)}`)
  return [forgetStale(), ...set].join('\n')
}

/** A line for `eval`: the password is in the environment of psql alone, and in no list of processes. */
export function psqlLine({ credentials, address, rootCertificates }: ConnectionSettings): string {
  const { database, dbUser, dbPassword } = credentials
  const conninfo = Object.entries({
    host: pairedHosts(address),
    ...(address.addresses.length > 0 && { hostaddr: address.addresses.join(',') }),
    port: String(address.port),
    dbname: database,
    user: dbUser,
    sslmode: 'verify-full',
    sslrootcert: rootCertificates,
  }).map(([name, value]) => `${name}=${libpqQuote(value)}`)
  return `${forgetStale()}; PGPASSWORD=${shellQuote(dbPassword)} psql ${shellQuote(conninfo.join(' '))}`
}

/** PostgreSQL documentation, "Keyword/Value Connection Strings". */
function libpqQuote(value: string): string {
  return /^[\w.:@+/-]+$/.test(value) ? value : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/**
 * For version 2 of the JDBC driver, which takes what follows the first `?` apart at `&` and `;` and decodes each value
 * (aws/amazon-redshift-jdbc-driver, Driver.parseURL).
 */
export function jdbcUrl({ credentials }: Pick<ConnectionSettings, 'credentials'>): string {
  const { host, port, database, dbUser, dbPassword } = credentials
  const properties = { user: dbUser, password: dbPassword, ...JDBC_TLS }
  return `jdbc:redshift://${host}:${port}/${encodeURIComponent(database)}?${jdbcProperties(properties)}`
}

export const JDBC_TLS = { ssl: 'true', sslMode: 'verify-full' } as const

export function jdbcProperties(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

export function odbcString({
  credentials,
  odbcDriver,
}: Pick<ConnectionSettings, 'credentials' | 'odbcDriver'>): string {
  const { host, port, database, dbUser, dbPassword } = credentials
  return odbcAttributes(odbcDriver, {
    Server: host,
    Port: String(port),
    Database: database,
    UID: dbUser,
    PWD: dbPassword,
    SSLMode: 'verify-full',
  })
}

/** @param driver its name, always in braces, as ODBC has it */
export function odbcAttributes(driver: string, attributes: Readonly<Record<string, string>>): string {
  const others = Object.entries(attributes).map(([name, value]) => `${name}=${odbcQuote(value)};`)
  return `Driver=${inBraces(driver)};${others.join('')}`
}

/** What `;` and braces would end is set in braces, where `}` is doubled (ODBC Programmer's Reference, "Connection Strings"). */
function odbcQuote(value: string): string {
  return /^[\w.:@+/-]+$/.test(value) ? value : inBraces(value)
}

function inBraces(value: string): string {
  return `{${value.replaceAll('}', '}}')}}`
}

/** Characters; from here on the driver cuts the string off (aws/amazon-redshift-odbc-driver, issue 46). */
const ODBC_LIMIT = 1024

/** What becomes of a string that is too long for the driver, or `null`. */
export function odbcLengthProblem(text: string): string | null {
  if (text.length <= ODBC_LIMIT) return null
  return `the connection string has ${text.length} characters, and the ODBC driver of Redshift cuts off what is over ${ODBC_LIMIT}: the password arrives incomplete, and the server says "IAM authentication failed"
put host, port and database into a data source of odbc.ini and give user and password as arguments, or use another driver`
}
