import type { Instant } from '../clock.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import type { RoleSessionName } from '../iam/role-session-name.ts'
import { type AssignmentSource, isExpired } from './assignment.ts'
import type { AssignmentReader } from './assignment-store.ts'
import type { Username } from './username.ts'

/** What a user may use at this moment. Fields are `null` where there is nothing to say. */
export interface GetRoleArnsResult {
  readonly username: Username
  readonly source: AssignmentSource | null
  readonly roleArns: readonly RoleArn[]
  readonly roleSessionName: RoleSessionName | null
  readonly subject: string | null
  readonly setAt: Instant | null
  readonly setBy: string | null
  readonly expiresAt: Instant | null
}

export interface GetRoleArnsAnswer {
  readonly result: GetRoleArnsResult
  /** When an assignment that no longer counts ran out. */
  readonly expiredAt: Instant | null
  /** Where nobody has that name, who has one like it. */
  readonly near: readonly string[]
}

export async function getRoleArns(
  store: AssignmentReader,
  username: Username,
  now: Instant,
): Promise<GetRoleArnsAnswer> {
  const user = await store.findUser(username)
  const stored = user?.assignment ?? null
  const hasRunOut = stored !== null && isExpired(stored, now)
  const assignment = hasRunOut ? null : stored
  const result = {
    username,
    source: assignment?.source ?? null,
    roleArns: assignment?.roleArns ?? [],
    roleSessionName: user?.login?.roleSessionName ?? null,
    subject: user?.login?.subject ?? null,
    setAt: assignment?.setAt ?? null,
    setBy: assignment?.setBy ?? null,
    expiresAt: assignment?.expiresAt ?? null,
  }
  const near = user === null ? await nearTo(store, username) : []
  return { result, expiredAt: hasRunOut ? stored.expiresAt : null, near }
}

/** Of no use where the person is known, and not loaded then. */
async function nearTo(store: AssignmentReader, username: Username): Promise<readonly string[]> {
  return (await import('./near-usernames.ts')).nearUsernames(store, username)
}
