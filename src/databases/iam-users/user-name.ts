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

function problemOf(dbUser: string, engine: Engine): string | null {
  if (OF_RDS.test(dbUser)) return 'it belongs to RDS itself'
  if (RESERVED[engine].test(dbUser)) return 'the server keeps this name for itself'
  const isLong = engine === 'mysql' && dbUser.length > MYSQL_LONGEST
  return isLong ? `it has ${dbUser.length} characters, MySQL allows ${MYSQL_LONGEST}` : null
}
