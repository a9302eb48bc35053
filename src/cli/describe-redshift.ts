import {
  type ConnectionSettings,
  envLines,
  jdbcUrl,
  odbcLengthProblem,
  odbcString,
  psqlLine,
} from '../databases/redshift/connection-strings.ts'
import type { RedshiftCredentials } from '../databases/redshift/redshift-credentials.ts'
import type { RedshiftLogin } from '../databases/redshift/redshift-login.ts'
import { quote } from '../iam/quote.ts'
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

/** As the tool wants it that is to connect. */
export function describeCredentials(
  credentials: RedshiftCredentials,
  format: string,
  odbcDriver: string,
  environment: NodeJS.ProcessEnv,
): string {
  const writer = writers[credentialFormats.find((name) => name === format) ?? 'env']
  return writer({ credentials, rootCertificates: rootCertificates(environment), odbcDriver })
}

/** What a string that was written for ODBC does not survive. */
export function formatProblems(text: string, format: string): readonly string[] {
  const problem = format === 'odbc' ? odbcLengthProblem(text) : null
  return problem === null ? [] : [problem]
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
