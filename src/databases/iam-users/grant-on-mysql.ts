import { AdminError } from '../../errors.ts'
import { escapeControls, quote } from '../../iam/quote.ts'
import { engineName } from '../engine.ts'
import { type ExecutedGrant, type GrantRequest, notesOfNames } from './grant-result.ts'
import { type Lockout, lockedOut, refuseLockouts } from './lockout.ts'
import type { MysqlAccount, MysqlFacts, MysqlServer } from './mysql-server.ts'
import { alterStatement, createStatements, IAM_PLUGIN } from './statements.ts'

/**
 * Makes the user, or lets all accounts of this name log in by IAM: a server takes the account with the closest host, so one
 * that was left with its password would be met by some and not by others.
 *
 * @param expected what the server is said to be
 * @param plugin by which the user is to log in
 * @throws AdminError REFUSED_ENGINE, REFUSED_READ_ONLY, REFUSED_DATABASE_USER, REFUSED_LOCKOUT; PARTIAL where a statement
 * failed behind others, which stand: there is no transaction around users
 */
export async function grantOnMysql(
  server: MysqlServer,
  expected: 'mysql' | 'mariadb',
  request: GrantRequest,
  plugin = IAM_PLUGIN,
): Promise<ExecutedGrant> {
  const facts = await server.facts()
  refuseUnfit(facts, expected, server.name)
  const { dbUser } = request
  const accounts = await server.accountsOf(dbUser)
  const lockouts = lockoutsOf(accounts, facts, dbUser, plugin)
  refuseLockouts(lockouts, dbUser, request.mayTakePasswordLogin)
  const sql = statementsFor(accounts, facts, dbUser, plugin)
  await runEach(server, sql, dbUser)
  const outcome = accounts.length === 0 ? 'created' : sql.length === 0 ? 'unchanged' : 'granted'
  const alike = outcome === 'created' ? notesOfNames(await server.namesLike(dbUser)) : []
  const notes = [...alike, ...stricterNotes(accounts, dbUser)]
  const { engine, version } = facts
  const withoutPasswordLogin = lockedOut(lockouts)
  const done = { sql, outcome, withoutPasswordLogin, warnings: [], notes } as const
  return { engine, dbUser, executed: true, server: server.name, version, ...done }
}

function refuseUnfit({ engine, version, hasIamPlugin, isReadOnly }: MysqlFacts, expected: string, name: string): void {
  const product = `${engineName(engine)} ${version}`
  if (engine !== expected) {
    const suggestions = [`admin rds grant --engine ${engine} --db-user DB_USER --execute --connection URL`]
    throw new AdminError('REFUSED_ENGINE', `${name} is ${product}, and --engine says ${expected}`, { suggestions })
  }
  if (!hasIamPlugin) throw noPlugin(name, product)
  if (isReadOnly) {
    const advice = 'name the one that accepts writes, such as the cluster endpoint'
    throw new AdminError('REFUSED_READ_ONLY', `${name} takes no changes (read_only)\n${advice}`)
  }
}

function noPlugin(name: string, product: string): AdminError {
  const message = `${name} (${product}) has no active plugin ${quote(IAM_PLUGIN)}: it is not RDS or Aurora, or IAM authentication is off\nIAM authentication is switched on at the database, not inside it; until then CREATE USER ends with error 1524`
  return new AdminError('REFUSED_ENGINE', message, {
    suggestions: ['admin provision enable-iam-database-authentication DATABASE --dry-run'],
    details: { server: name, version: product, missing: IAM_PLUGIN },
  })
}

function statementsFor(
  accounts: readonly MysqlAccount[],
  { engine }: MysqlFacts,
  dbUser: string,
  plugin: string,
): readonly string[] {
  if (accounts.length === 0) return createStatements(engine, dbUser, plugin)
  return accounts
    .filter((account) => account.plugin !== plugin || !account.requiresTls)
    .map(({ host, requiresMoreThanTls }) =>
      alterStatement(dbUser, host, requiresMoreThanTls ? 'kept' : 'required', plugin),
    )
}

async function runEach(server: MysqlServer, sql: readonly string[], dbUser: string): Promise<void> {
  for (const [index, statement] of sql.entries()) {
    try {
      await server.run(statement)
    } catch (error) {
      throw index === 0 ? error : doneInPart(error, server.name, dbUser, sql.slice(0, index), sql.slice(index))
    }
  }
}

function doneInPart(
  error: unknown,
  server: string,
  dbUser: string,
  done: readonly string[],
  notDone: readonly string[],
): AdminError {
  const isExplained = error instanceof AdminError
  const lines = [
    `of the accounts of ${quote(dbUser)} at ${server} some were changed and others not`,
    ...done.map((statement) => `done: ${escapeControls(statement)}`),
    ...notDone.map((statement) => `not done: ${escapeControls(statement)}`),
    isExplained ? error.message : escapeControls(String(error)),
    'run the command again when that is put right: it does what is left',
  ]
  return new AdminError('PARTIAL', lines.join('\n'), {
    suggestions: isExplained ? error.suggestions : [],
    details: { server, dbUser, done, notDone },
    cause: error,
  })
}

function stricterNotes(accounts: readonly MysqlAccount[], dbUser: string): readonly string[] {
  return accounts
    .filter(({ requiresMoreThanTls }) => requiresMoreThanTls)
    .map(
      (account) =>
        `${quote(nameOf(account, dbUser))} still asks for more than TLS and a token (REQUIRE X509, ISSUER, SUBJECT or CIPHER), which was left as it is`,
    )
}

/** @throws AdminError REFUSED_DATABASE_USER */
function lockoutsOf(
  accounts: readonly MysqlAccount[],
  facts: MysqlFacts,
  dbUser: string,
  wanted: string,
): readonly Lockout[] {
  if (accounts.some(({ isRole }) => isRole))
    throw new AdminError('REFUSED_DATABASE_USER', `${quote(dbUser)} cannot log in by IAM: it is a role, not a user`)
  return accounts
    .filter(({ plugin }) => plugin !== wanted)
    .flatMap((account) =>
      reasonsOf(account, facts, dbUser).map((reason) => ({ user: nameOf(account, dbUser), reason })),
    )
}

function reasonsOf(account: MysqlAccount, { connectedAs }: MysqlFacts, dbUser: string): readonly string[] {
  return [
    nameOf(account, dbUser) === connectedAs && 'is who is connected here',
    account.mayCreateUsers && 'may make users, as the master user does',
    account.mayReplicate && 'may replicate, which takes a password',
    `logs in by ${quote(account.plugin)}, which would no longer count`,
  ].filter((reason) => reason !== false)
}

function nameOf({ host }: MysqlAccount, dbUser: string): string {
  return `${dbUser}@${host}`
}
