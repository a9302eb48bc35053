import type { Engine } from '../engine.ts'

export const IAM_ROLE = 'rds_iam'
export const IAM_PLUGIN = 'AWSAuthenticationPlugin'

/** A user of MySQL or MariaDB belongs to the hosts that it may come from. */
const ANY_HOST = '%'

/**
 * Makes a user that logs in by IAM alone; each statement without its semicolon (Amazon RDS user guide, "Creating a
 * database account using IAM authentication"). Names are always quoted: so they keep their letter case, and a reserved
 * word is a name.
 */
export function createStatements(engine: Engine, dbUser: string, plugin = IAM_PLUGIN): readonly string[] {
  if (engine === 'postgres') return [`CREATE USER ${identifier(dbUser)}`, grantStatement(dbUser)]
  return [`CREATE USER ${account(dbUser, ANY_HOST)} ${by(plugin)}`]
}

/** Lets a user of PostgreSQL log in by IAM, and no longer by password. */
export function grantStatement(dbUser: string): string {
  return `GRANT ${IAM_ROLE} TO ${identifier(dbUser)}`
}

/**
 * Lets an account of MySQL or MariaDB log in by IAM, and no longer by password.
 *
 * @param tls `kept` where the account asks for more than TLS: what a statement does not name stays, and REQUIRE SSL
 * would take its place (MySQL reference manual, "ALTER USER Statement")
 */
export function alterStatement(dbUser: string, host: string, tls: 'kept' | 'required', plugin = IAM_PLUGIN): string {
  return `ALTER USER ${account(dbUser, host)} ${tls === 'kept' ? identifiedBy(plugin) : by(plugin)}`
}

/** A token is sent as it is, so never without TLS. */
function by(plugin: string): string {
  return `${identifiedBy(plugin)} REQUIRE SSL`
}

function identifiedBy(plugin: string): string {
  return `IDENTIFIED WITH ${plugin} AS 'RDS'`
}

function account(user: string, host: string): string {
  return `${literal(user)}@${literal(host)}`
}

/** An identifier of PostgreSQL (documentation, "Identifiers and Key Words"). */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * A string of MySQL and MariaDB, right with and without NO_BACKSLASH_ESCAPES (reference manual, "String Literals").
 *
 * @throws RangeError for a backslash, which means one thing with it and another without: no legal name has one
 */
export function literal(text: string): string {
  if (text.includes('\\'))
    throw new RangeError('a backslash in a string of MySQL depends on the settings of the server')
  return `'${text.replaceAll("'", "''")}'`
}
