import { AdminError } from '../../errors.ts'
import { quote, shellQuote } from '../../iam/quote.ts'
import { type ExecutedGrant, type GrantRequest, notesOfNames } from './grant-result.ts'
import { type Lockout, lockedOut, refuseLockouts } from './lockout.ts'
import type { Member, PostgresFacts, PostgresServer, PostgresUser } from './postgres-server.ts'
import { createStatements, grantStatement, IAM_ROLE, identifier } from './statements.ts'

const MASTER_ROLE = 'rds_superuser'
const REPLICATION_ROLE = 'rds_replication'
const DIRECTORY_ROLE = 'rds_ad'

/**
 * Makes the user, or lets the one that is there log in by IAM. All in one transaction, in which it is also seen who would
 * lose password login: whoever has `rds_iam` can only come with a token, and so can who inherits it (Amazon RDS user
 * guide, "IAM database authentication", limitations).
 *
 * @throws AdminError REFUSED_ENGINE, REFUSED_READ_ONLY, REFUSED_DATABASE_USER, REFUSED_LOCKOUT
 */
export async function grantOnPostgres(server: PostgresServer, request: GrantRequest): Promise<ExecutedGrant> {
  return server.inTransaction(async () => {
    const facts = await server.facts()
    refuseUnfit(facts, server.name)
    const user = await server.findUser(request.dbUser)
    const done = user === null ? await create(server, facts, request) : await grant(server, facts, user, request)
    const { version } = facts
    return { engine: 'postgres', dbUser: request.dbUser, executed: true, server: server.name, version, ...done }
  })
}

type Done = Pick<ExecutedGrant, 'sql' | 'outcome' | 'withoutPasswordLogin' | 'warnings' | 'notes'>

function refuseUnfit({ version, isRedshift, isReplica, hasIamRole, isOfRds }: PostgresFacts, name: string): void {
  if (isRedshift) {
    const advice = 'its users need no grant: GetClusterCredentials gives them passwords that run out'
    throw new AdminError(
      'REFUSED_ENGINE',
      `${name} is Amazon Redshift, expected PostgreSQL on RDS or Aurora\n${advice}`,
    )
  }
  if (!hasIamRole) throw noIamRole(name, version, isOfRds)
  if (isReplica) {
    const advice = 'name the one that accepts writes, such as the cluster endpoint'
    throw new AdminError('REFUSED_READ_ONLY', `${name} is a replica and takes no changes\n${advice}`)
  }
}

function noIamRole(name: string, version: string, isOfRds: boolean): AdminError {
  const seen = isOfRds ? 'it is on RDS, without IAM authentication' : 'it does not look like RDS or Aurora'
  const message = `${name} (PostgreSQL ${version}) has no role ${quote(IAM_ROLE)}: ${seen}\nIAM authentication is switched on at the database, not inside it`
  return new AdminError('REFUSED_ENGINE', message, {
    suggestions: ['admin provision enable-iam-database-authentication DATABASE --dry-run'],
    details: { server: name, version, missing: IAM_ROLE },
  })
}

/** Who creates a user may become a member of it, and inherit: that is seen only when it has happened. */
async function create(server: PostgresServer, facts: PostgresFacts, request: GrantRequest): Promise<Done> {
  const { dbUser, mayTakePasswordLogin } = request
  const sql = createStatements('postgres', dbUser)
  const iamUsers = await server.membersOf(IAM_ROLE)
  for (const statement of sql) await server.run(statement)
  const members = await server.membersOf(dbUser)
  const lockouts = heirs(members, iamUsers, dbUser)
  refuseLockouts(lockouts, dbUser, mayTakePasswordLogin)
  const alike = notesOfNames(await server.namesLike(dbUser))
  const notes = [...alike, ...adminOnlyNotes(members, iamUsers, facts, dbUser)]
  return { sql, outcome: 'created', withoutPasswordLogin: lockedOut(lockouts), warnings: [], notes }
}

async function grant(
  server: PostgresServer,
  facts: PostgresFacts,
  user: PostgresUser,
  { dbUser, mayTakePasswordLogin }: GrantRequest,
): Promise<Done> {
  const iamUsers = await server.membersOf(IAM_ROLE)
  if (iamUsers.some(({ name, isAdminOnly }) => name === dbUser && !isAdminOnly)) return nothingToDo(user)
  await refuseUser(server, user)
  const members = await server.membersOf(dbUser)
  const lockouts = [...(await ownLockouts(server, facts, user)), ...heirs(members, iamUsers, dbUser)]
  refuseLockouts(lockouts, dbUser, mayTakePasswordLogin)
  const sql = [grantStatement(dbUser)]
  for (const statement of sql) await server.run(statement)
  const notes = adminOnlyNotes(members, iamUsers, facts, dbUser)
  return { sql, outcome: 'granted', withoutPasswordLogin: lockedOut(lockouts), warnings: [], notes }
}

/** A role that only hands `rds_iam` on is not made a user behind its owner's back. */
function nothingToDo({ name, canLogin }: PostgresUser): Done {
  const barred = `${quote(name)} has ${IAM_ROLE}, but is a role without LOGIN: no token lets it in`
  const warnings = canLogin ? [] : [`${barred}\nwhere it is to be a user, say: ALTER ROLE ${identifier(name)} LOGIN`]
  return { sql: [], outcome: 'unchanged', withoutPasswordLogin: [], warnings, notes: [] }
}

/** What no flag makes right. */
async function refuseUser(server: PostgresServer, { name, canLogin, isSuperuser }: PostgresUser): Promise<void> {
  const refuse = (why: string, suggestions: readonly string[] = []) => {
    throw new AdminError('REFUSED_DATABASE_USER', `${quote(name)} cannot log in by IAM: ${why}`, { suggestions })
  }
  if (isSuperuser) refuse('it is a superuser of the server, which on RDS belongs to RDS')
  if (!canLogin) refuse('it is a role without LOGIN, and whoever is a member of it would lose password login')
  const directory = await server.membersOf(DIRECTORY_ROLE)
  if (directory.some((member) => member.name === name)) {
    const revoke = `psql -c ${shellQuote(`REVOKE ${DIRECTORY_ROLE} FROM ${identifier(name)}`)}`
    refuse(`it has ${DIRECTORY_ROLE}: a user logs in by Kerberos or by IAM, not by both`, [revoke])
  }
}

async function ownLockouts(
  server: PostgresServer,
  facts: PostgresFacts,
  user: PostgresUser,
): Promise<readonly Lockout[]> {
  const { name, hasPassword, isReplication } = user
  const isIn = async (role: string) => (await server.membersOf(role)).some((member) => member.name === name)
  const reasons = [
    name === facts.connectedAs && 'is who is connected here',
    (await isIn(MASTER_ROLE)) && `is the master user, or as mighty (${MASTER_ROLE})`,
    (isReplication || (await isIn(REPLICATION_ROLE))) &&
      'may replicate, which takes a password unless rds.iam_auth_for_replication is on',
    hasPassword === true && 'has a password, which would no longer count',
    hasPassword === null && 'is there already: if it has a password, that would no longer count',
  ]
  return reasons.filter((reason) => reason !== false).map((reason) => ({ user: name, reason }))
}

/**
 * Who logs in by password now and would be a member of `rds_iam` through this user: a superuser too, as `+rds_iam` in
 * pg_hba.conf counts whoever was made a member (PostgreSQL documentation, "The pg_hba.conf File").
 */
function heirs(members: readonly Member[], iamUsers: readonly Member[], dbUser: string): readonly Lockout[] {
  return newcomers(members, iamUsers)
    .filter(({ isAdminOnly }) => !isAdminOnly)
    .map(({ name }) => ({ user: name, reason: `is a member of ${quote(dbUser)} and inherits ${IAM_ROLE}` }))
}

function newcomers(members: readonly Member[], iamUsers: readonly Member[]): readonly Member[] {
  const known = new Set(iamUsers.filter(({ isAdminOnly }) => !isAdminOnly).map(({ name }) => name))
  return members.filter(({ name, canLogin }) => canLogin && !known.has(name))
}

/** PostgreSQL's own rule for `+rds_iam` in pg_hba.conf counts these too; that RDS does not is not written anywhere. */
function adminOnlyNotes(
  members: readonly Member[],
  iamUsers: readonly Member[],
  { version, connectedAs }: PostgresFacts,
  dbUser: string,
): readonly string[] {
  return newcomers(members, iamUsers)
    .filter(({ isAdminOnly }) => isAdminOnly)
    .map(({ name }) => {
      const who = name === connectedAs ? `${quote(name)}, who is connected here,` : quote(name)
      const revoke = `REVOKE ${IAM_ROLE} FROM ${identifier(dbUser)}`
      return `${who} may administer ${quote(dbUser)}, as PostgreSQL ${version} has it for whoever creates a role; before you leave this server, see in a second session that ${quote(name)} still gets in by password, else: ${revoke}`
    })
}
