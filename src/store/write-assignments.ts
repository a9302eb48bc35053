import type { Kysely } from 'kysely'
import type { Assignment } from '../assignments/assignment.ts'
import type { LoginRecord } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import type { Instant } from '../clock.ts'
import { type RoleArn, roleArnParts } from '../iam/role-arn.ts'
import type { Tables } from './tables.ts'

/** Puts `next` in the place of the user's assignment, whatever it was; `null` leaves none. */
export async function putAssignment(
  db: Kysely<Tables>,
  username: Username,
  next: Assignment | null,
  setAt: Instant,
  setBy: string,
): Promise<void> {
  const userId = await userIdOf(db, username)
  await db.deleteFrom('assignments').where('user_id', '=', userId).execute()
  if (next === null) return
  await db
    .insertInto('assignments')
    .values({ user_id: userId, source: next.source, set_at: setAt, set_by: setBy, expires_at: next.expiresAt })
    .execute()
  for (const [index, arn] of next.roleArns.entries()) {
    await db
      .insertInto('assignment_roles')
      .values({ user_id: userId, position: index + 1, role_id: await roleIdOf(db, arn) })
      .execute()
  }
}

export async function putLogin(db: Kysely<Tables>, username: Username, login: LoginRecord): Promise<void> {
  const userId = await userIdOf(db, username)
  await db
    .updateTable('users')
    .set({
      subject: login.subject,
      role_session_name: login.roleSessionName,
      last_token_issued_at: login.tokenIssuedAt,
      last_sso_login: login.at,
    })
    .where('id', '=', userId)
    .execute()
}

export async function forgetKeptTokens(db: Kysely<Tables>, username: Username): Promise<void> {
  const userId = db.selectFrom('users').select('id').where('username', '=', username)
  await db.deleteFrom('kept_tokens').where('user_id', '=', userId).execute()
}

async function userIdOf(db: Kysely<Tables>, username: Username): Promise<number> {
  const known = await db.selectFrom('users').select('id').where('username', '=', username).executeTakeFirst()
  if (known !== undefined) return known.id
  return (await db.insertInto('users').values({ username }).returning('id').executeTakeFirstOrThrow()).id
}

async function roleIdOf(db: Kysely<Tables>, arn: RoleArn): Promise<number> {
  const known = await db.selectFrom('roles').select('id').where('arn', '=', arn).executeTakeFirst()
  if (known !== undefined) return known.id
  const { partition, accountId, path, name } = roleArnParts(arn)
  const row = { arn, partition, account_id: accountId, path, name }
  return (await db.insertInto('roles').values(row).returning('id').executeTakeFirstOrThrow()).id
}
