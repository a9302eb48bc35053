import type { Client } from 'pg'
import type { Assignment } from '../../assignments/assignment.ts'
import type { DecidedStep, UserRecord } from '../../assignments/assignment-store.ts'
import type { Username } from '../../assignments/username.ts'
import { type EventRow, GENESIS_HASH } from '../../audit/hash-chain.ts'
import type { Bulk } from '../engine.ts'
import { chainedRow, EVENT_COLUMNS } from '../event-table.ts'
import { toUser, type UserColumns } from '../read-assignments.ts'
import { copyIn } from './copy-in.ts'
import { type RoleIds, roleIds } from './role-ids.ts'

/** Many people in few statements, on a connection that is inside a transaction. */
export async function postgresBulk(client: Client): Promise<Bulk> {
  await client.query('SET LOCAL statement_timeout = 0')
  const roles = roleIds(client)
  // Here and not in a temporary table: that takes a right of its own, and no replica lets anybody make one. As bytes,
  // for a text that was cut out of a file holds on to the file.
  const named: Buffer[] = []
  return {
    findUsers: (usernames) => findUsers(client, roles, usernames),
    noteNamed: async (usernames) => void named.push(Buffer.from(JSON.stringify(usernames))),
    unnamedCliUsers: () => unnamedCliUsers(client, roles, named),
    putSteps: (steps) => putSteps(client, roles, steps),
  }
}

const BATCH = 2000

const USER_COLUMNS = `u.username, u.subject, u.role_session_name, u.last_token_issued_at, u.last_sso_login,
  a.source, a.set_at, a.set_by, a.expires_at,
  ARRAY(SELECT ar.role_id FROM assignment_roles ar WHERE ar.user_id = a.user_id ORDER BY ar.position) AS role_ids`

interface UserRow extends UserColumns {
  readonly username: Username
  readonly role_ids: readonly number[]
}

async function findUsers(
  client: Client,
  roles: RoleIds,
  usernames: readonly Username[],
): Promise<ReadonlyMap<Username, UserRecord>> {
  const { rows } = await client.query<UserRow>(
    `SELECT ${USER_COLUMNS} FROM users u LEFT JOIN assignments a ON a.user_id = u.id WHERE u.username = ANY ($1)`,
    [usernames],
  )
  const users = await toUsers(roles, rows)
  return new Map(users.map((user) => [user.username, user]))
}

async function toUsers(roles: RoleIds, rows: readonly UserRow[]): Promise<readonly UserRecord[]> {
  const arns = await roles.arnsOf(new Set(rows.flatMap(({ role_ids: ids }) => ids)))
  return rows.map((row) => toUser(row.username, row, row.role_ids.map(arns)))
}

/**
 * A cursor of SQL's own sees what was there when it was opened, and leaves the connection free for what is done about it.
 *
 * @param named arrays of names, as JSON
 */
async function* unnamedCliUsers(
  client: Client,
  roles: RoleIds,
  named: readonly Buffer[],
): AsyncGenerator<readonly UserRecord[]> {
  await client.query(
    `DECLARE unnamed NO SCROLL CURSOR FOR SELECT ${USER_COLUMNS}
     FROM users u JOIN assignments a ON a.user_id = u.id
     WHERE a.source = 'cli' AND NOT EXISTS (
       SELECT FROM unnest($1::json[]) AS block, json_array_elements_text(block) AS name WHERE name = u.username
     ) ORDER BY u.username`,
    [named.map(String)],
  )
  for (let isLast = false; !isLast; ) {
    const { rows } = await client.query<UserRow>(`FETCH ${BATCH} FROM unnamed`)
    if (rows.length > 0) yield await toUsers(roles, rows)
    isLast = rows.length < BATCH
  }
  await client.query('CLOSE unnamed')
}

/** The last step of a person is what remains; each leaves its event. */
async function putSteps(client: Client, roles: RoleIds, steps: readonly DecidedStep[]): Promise<void> {
  if (steps.length === 0) return
  const last = new Map(steps.map((step) => [step.username, step]))
  const ids = await userIds(client, [...last.keys()])
  const arnsOf = await roles.idsOf(new Set(steps.flatMap(namedRoles)))
  await client.query('DELETE FROM assignments WHERE user_id = ANY ($1)', [[...ids.known]])
  await putAssignments(client, [...last.values()], ids.of, arnsOf)
  await putEvents(client, steps, arnsOf)
}

type IdOf = (name: string) => number

interface UserIds {
  readonly of: IdOf
  /** Of those who were there before. */
  readonly known: ReadonlySet<number>
}

interface UserId {
  readonly id: number
  readonly username: string
}

async function userIds(client: Client, usernames: readonly string[]): Promise<UserIds> {
  const { rows } = await client.query<UserId>('SELECT id, username FROM users WHERE username = ANY ($1)', [usernames])
  const ids = new Map(rows.map(({ id, username }) => [username, id]))
  const known = new Set(ids.values())
  const unknown = usernames.filter((username) => !ids.has(username))
  const added =
    unknown.length === 0
      ? []
      : (
          await client.query<UserId>(
            'INSERT INTO users (username) SELECT name FROM unnest($1::text[]) AS name RETURNING id, username',
            [unknown],
          )
        ).rows
  for (const { id, username } of added) ids.set(username, id)
  return { of: (username) => found(ids, username), known }
}

function found(ids: ReadonlyMap<string, number>, name: string): number {
  const id = ids.get(name)
  if (id === undefined) throw new Error('PostgreSQL did not answer with the id of a row that it has')
  return id
}

function namedRoles({ event, next }: DecidedStep): readonly string[] {
  return [...(event.before?.roleArns ?? []), ...(event.after?.roleArns ?? []), ...(next?.roleArns ?? [])]
}

async function putAssignments(
  client: Client,
  steps: readonly DecidedStep[],
  userId: IdOf,
  roleId: IdOf,
): Promise<void> {
  const kept = steps.flatMap((step) => (step.next === null ? [] : [{ ...step, next: step.next }]))
  const columns = 'assignments (user_id, source, set_at, set_by, expires_at)'
  const rows = kept.map(({ username, next, event }) => assignmentRow(userId(username), next, event.at, event.actor))
  await copyIn(client, columns, rows)
  const roleRows = kept.flatMap(({ username, next }) =>
    next.roleArns.map((arn, index) => [userId(username), index + 1, roleId(arn)]),
  )
  await copyIn(client, 'assignment_roles (user_id, position, role_id)', roleRows)
}

function assignmentRow(id: number, { source, expiresAt }: Assignment, at: string, by: string) {
  return [id, source, at, by, expiresAt]
}

async function putEvents(client: Client, steps: readonly DecidedStep[], roleId: IdOf): Promise<void> {
  const { rows } = await client.query<{ id: number; hash: string }>(
    'SELECT id, hash FROM events ORDER BY id DESC LIMIT 1',
  )
  let head = rows[0] ?? { id: 0, hash: GENESIS_HASH }
  const events: EventRow[] = []
  const held: (readonly number[])[] = []
  for (const { event } of steps) {
    const row = chainedRow(event, head)
    head = row
    events.push(row)
    const arns = new Set([...(event.before?.roleArns ?? []), ...(event.after?.roleArns ?? [])])
    for (const arn of arns) held.push([roleId(arn), row.id])
  }
  await copyIn(client, EVENTS, events.map(eventColumns))
  await copyIn(client, 'event_roles (role_id, event_id)', held)
}

const EVENTS = `events (${EVENT_COLUMNS.join(', ')})`

function eventColumns(row: EventRow) {
  return EVENT_COLUMNS.map((column) => row[column])
}
