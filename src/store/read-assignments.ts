import type { Kysely } from 'kysely'
import type { StoredAssignment } from '../assignments/assignment.ts'
import type { LoginRecord, RoleHolder, UserRecord } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import { afterPrefix } from '../audit/glob.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { checkRoleArn, type RoleArn } from '../iam/role-arn.ts'
import type { RoleSessionName } from '../iam/role-session-name.ts'
import type { Tables } from './tables.ts'

/** One query, so that the answer is of one moment: a row for each role, or one row where there is none. */
export async function findUser(db: Kysely<Tables>, username: Username): Promise<UserRecord | null> {
  const rows = await db
    .selectFrom('users as u')
    .leftJoin('assignments as a', 'a.user_id', 'u.id')
    .leftJoin('assignment_roles as ar', 'ar.user_id', 'a.user_id')
    .leftJoin('roles as r', 'r.id', 'ar.role_id')
    .select([
      'u.subject',
      'u.role_session_name',
      'u.last_token_issued_at',
      'u.last_sso_login',
      'a.source',
      'a.set_at',
      'a.set_by',
      'a.expires_at',
      'r.arn',
    ])
    .where('u.username', '=', username)
    .orderBy('ar.position')
    .execute()
  const [first] = rows
  if (first === undefined) return null
  const roleArns = rows.flatMap(({ arn }) => (arn === null ? [] : [toRoleArn(arn)]))
  return toUser(username, first, roleArns)
}

export type UserColumns = AssignmentColumns & LoginColumns

export function toUser(username: Username, row: UserColumns, roleArns: readonly RoleArn[]): UserRecord {
  return { username, assignment: toAssignment(row, roleArns), login: toLogin(row) }
}

export async function knownRoles(db: Kysely<Tables>): Promise<RoleArn[]> {
  const rows = await db.selectFrom('roles').select('arn').orderBy('arn').execute()
  return rows.map(({ arn }) => toRoleArn(arn))
}

export async function roleHolders(
  db: Kysely<Tables>,
  roleArn: string,
  now: Instant,
  most: number,
): Promise<readonly RoleHolder[]> {
  return db
    .selectFrom('roles as r')
    .innerJoin('assignment_roles as ar', 'ar.role_id', 'r.id')
    .innerJoin('assignments as a', 'a.user_id', 'ar.user_id')
    .innerJoin('users as u', 'u.id', 'a.user_id')
    .select(['u.username', 'u.subject'])
    .where('r.arn', '=', roleArn)
    .where((where) => where.or([where('a.expires_at', 'is', null), where('a.expires_at', '>', now)]))
    .orderBy('u.username')
    .limit(most)
    .execute()
}

/** A range, which the index of names can search. */
export async function usersFrom(db: Kysely<Tables>, beginning: string, most: number): Promise<readonly string[]> {
  const end = afterPrefix(beginning)
  const rows = await db
    .selectFrom('users')
    .select('username')
    .where('username', '>=', beginning)
    .$if(end !== null, (query) => query.where('username', '<', String(end)))
    .orderBy('username')
    .limit(most)
    .execute()
  return rows.map(({ username }) => username)
}

/** Rows come from outside too: somebody with rights to the file can edit them. */
export function toRoleArn(text: string): RoleArn {
  const check = checkRoleArn(text)
  if ('arn' in check) return check.arn
  const advice = 'somebody changed the store behind our back; restore it from a backup'
  throw new AdminError(
    'INVALID_DATABASE',
    `the store holds a role ARN that ${check.problem}: ${quote(text)}\n${advice}`,
  )
}

export interface AssignmentColumns {
  readonly source: 'cli' | 'sso' | null
  readonly set_at: string | null
  readonly set_by: string | null
  readonly expires_at: string | null
}

export function toAssignment(row: AssignmentColumns, roleArns: readonly RoleArn[]): StoredAssignment | null {
  const { source, set_at: setAt, set_by: setBy } = row
  if (source === null || setAt === null || setBy === null) return null
  const common = { roleArns, setAt: setAt as Instant, setBy }
  return source === 'sso'
    ? { ...common, source, expiresAt: null }
    : { ...common, source, expiresAt: row.expires_at as Instant | null }
}

export interface LoginColumns {
  readonly subject: string | null
  readonly role_session_name: string | null
  readonly last_token_issued_at: string | null
  readonly last_sso_login: string | null
}

export function toLogin(row: LoginColumns): LoginRecord | null {
  const { subject, last_token_issued_at: tokenIssuedAt, last_sso_login: at } = row
  if (subject === null || tokenIssuedAt === null || at === null) return null
  return {
    subject,
    roleSessionName: row.role_session_name as RoleSessionName | null,
    tokenIssuedAt: tokenIssuedAt as Instant,
    at: at as Instant,
  }
}
