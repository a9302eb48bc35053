import { AdminError } from '../../errors.ts'
import { parseDatabaseUser } from '../../iam/database-user.ts'
import { quote } from '../../iam/quote.ts'
import type { Engine } from '../engine.ts'

/** Characters, where it is fewer than PostgreSQL's 63 (MySQL reference manual, "Account User Names and Passwords"). */
const MYSQL_LONGEST = 32

/** What a server keeps for itself (PostgreSQL documentation, CREATE ROLE; MySQL reference manual, "Reserved Accounts"). */
const RESERVED: Readonly<Record<Engine, RegExp>> = {
  postgres: /^(public|none|pg_.*)$/,
  mysql: /^(mysql\..*)$/,
  mariadb: /^(mariadb\.sys|mysql\..*|PUBLIC|public)$/,
}
const OF_RDS = /^(rds_.*|rdsadmin|rdsrepladmin|rdstopmgr|rdsproxyadmin)$/i

/** How RDS and Aurora suggest to call the master user, and how people do. */
const USUAL_MASTERS = /^(postgres|admin|root|master|masteruser|administrator|dbadmin|awsuser)$/i

/**
 * A user that may log in by IAM to such a server, in the letter case that the token will have.
 *
 * @throws AdminError INVALID_DATABASE_USER
 */
export function parseIamUser(text: string, engine: Engine): string {
  const dbUser = parseDatabaseUser(text)
  const problem = problemOf(dbUser, engine)
  if (problem === null) return dbUser
  throw new AdminError('INVALID_DATABASE_USER', `${quote(text)} cannot be a user that logs in by IAM: ${problem}`)
}

/** CREATE USER ends the SQL of MySQL where the user is there; that of PostgreSQL goes on to the GRANT. */
export function isUsualMaster(dbUser: string, engine: Engine): boolean {
  return engine === 'postgres' && USUAL_MASTERS.test(dbUser)
}

function problemOf(dbUser: string, engine: Engine): string | null {
  if (OF_RDS.test(dbUser)) return 'it belongs to RDS itself'
  if (RESERVED[engine].test(dbUser)) return 'the server keeps this name for itself'
  const [, user, host] = engine === 'postgres' ? [] : (/^(.+)@(localhost|\d+\.\d+\.\d+\.\d+)$/i.exec(dbUser) ?? [])
  if (user !== undefined) return `a host is no part of the name, say ${quote(user)} without @${host}`
  const isLong = engine === 'mysql' && dbUser.length > MYSQL_LONGEST
  return isLong ? `it has ${dbUser.length} characters, MySQL allows ${MYSQL_LONGEST}` : null
}
