import { addressesOf, type ClientAddress } from '../databases/client-address.ts'
import {
  type ConnectionSettings,
  envLines,
  jdbcUrl,
  odbcLengthProblem,
  odbcString,
  psqlLine,
} from '../databases/redshift/connection-strings.ts'
import type { RedshiftAnswer, RedshiftCredentials } from '../databases/redshift/redshift-credentials.ts'
import type { RedshiftLogin } from '../databases/redshift/redshift-login.ts'
import { driverTunnelProblem, isTunnel, unnamedTunnelProblem } from '../databases/redshift/tunnel.ts'
import { quote } from '../iam/quote.ts'
import { findAddresses } from './find-addresses.ts'
import { toJson } from './output.ts'
import { rootCertificates } from './system-certificates.ts'

export const credentialFormats = ['env', 'json', 'jdbc', 'odbc', 'psql'] as const

export type CredentialFormat = (typeof credentialFormats)[number]

const writers: Readonly<Record<CredentialFormat, (settings: ConnectionSettings) => string>> = {
  env: envLines,
  json: ({ credentials }) => toJson(credentials, 2),
  jdbc: jdbcUrl,
  odbc: odbcString,
  psql: psqlLine,
}

/** How these flags want it: `--json` is the format of that name. */
export function credentialFormatOf(flags: { readonly json: boolean; readonly format: string }): CredentialFormat {
  return credentialFormats.find((name) => name === (flags.json ? 'json' : flags.format)) ?? 'env'
}

/** libpq can be told the name of the certificate. */
export function isForLibpq(format: CredentialFormat): boolean {
  return format === 'env' || format === 'psql'
}

/**
 * As the tool wants it that is to connect.
 *
 * @throws AdminError UNAVAILABLE_DNS
 */
export async function describeCredentials(
  answer: RedshiftAnswer,
  format: CredentialFormat,
  odbcDriver: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const { credentials } = answer
  const address = isForLibpq(format) ? await addressFor(answer) : { ...credentials, addresses: [] }
  return writers[format]({ credentials, address, rootCertificates: rootCertificates(environment), odbcDriver })
}

async function addressFor({ credentials, certificateName }: RedshiftAnswer): Promise<ClientAddress> {
  const { host, port } = credentials
  if (certificateName === null || certificateName === host) return { host, addresses: [], port }
  // What ssh and the session manager listen on; ::1 may be another program's.
  const addresses = host === 'localhost' ? ['127.0.0.1'] : await addressesOf(host, findAddresses)
  return { host: certificateName, addresses, port }
}

/** What the text that was written does not survive. */
export function formatProblems(
  text: string,
  format: CredentialFormat,
  login: RedshiftLogin,
  { credentials, certificateName }: RedshiftAnswer,
): readonly string[] {
  const isUnnamed = isForLibpq(format) && certificateName === null
  const isDriver = (format === 'jdbc' || format === 'odbc') && isTunnel(login)
  return [
    format === 'odbc' && odbcLengthProblem(text),
    isUnnamed && unnamedTunnelProblem(credentials),
    isDriver && driverTunnelProblem(credentials),
  ].filter((problem) => typeof problem === 'string')
}

/** What AWS does not say beside a new password, and people find out too late. */
export function credentialNotes({ user, autoCreate }: RedshiftLogin, { dbUser, cached }: RedshiftCredentials) {
  if (cached) return []
  if (user !== null && !autoCreate) {
    return [
      `AWS gives a password for ${quote(user)} whether or not the database has that user: if it has not, the login fails\n(CREATE USER ${user} PASSWORD DISABLE makes it, or --auto-create at login)`,
    ]
  }
  if (!dbUser.startsWith('IAMR:')) return []
  return [
    `${quote(dbUser)} is the user of the role: all sessions of that role are the same user to the database\n(--db-user with a cluster tells people apart)`,
  ]
}
