import type { DecidedStep } from '../../assignments/assignment-store.ts'
import type { RoleArn } from '../../iam/role-arn.ts'
import type { KnownRoles } from './known-roles.ts'
import type { ManyUsers } from './many-users.ts'
import { rowInserter, type SqliteValue } from './row-inserter.ts'
import type { SqliteDatabase } from './sqlite-connection.ts'

/** Puts, for everybody in the steps, what the last step about them says. */
export type AssignmentWriter = (steps: readonly DecidedStep[]) => void

export function assignmentWriter(database: SqliteDatabase, users: ManyUsers, roles: KnownRoles): AssignmentWriter {
  const idsOf = userNumbering(database, users)
  const remove = database.prepare('DELETE FROM assignments WHERE user_id = ?')
  const insertAssignments = rowInserter(
    database,
    'INSERT INTO assignments (user_id, source, set_at, set_by, expires_at)',
    5,
  )
  // One by one: they fall all over the index by role (see rowInserter).
  const insertRole = database.prepare('INSERT INTO assignment_roles (user_id, position, role_id) VALUES (?, ?, ?)')
  return (steps) => {
    const last = new Map(steps.map((step) => [step.username, step]))
    const { ids, isNew } = idsOf([...last.values()])
    const assignments: SqliteValue[] = []
    const held: (readonly [number, number, number])[] = []
    for (const { username, next, event } of last.values()) {
      const id = ids.get(username) ?? 0
      if (!isNew(id)) remove.run(id)
      if (next === null) continue
      assignments.push(id, next.source, event.at, event.actor, next.expiresAt)
      addRoles(held, id, next.roleArns, roles)
    }
    insertAssignments(assignments)
    for (const [userId, position, roleId] of held) insertRole.run(userId, position, roleId)
  }
}

function addRoles(
  rows: (readonly [number, number, number])[],
  userId: number,
  roleArns: readonly RoleArn[],
  roles: KnownRoles,
): void {
  for (const [index, arn] of roleArns.entries()) rows.push([userId, index + 1, roles.idOf(arn)])
}

interface Numbering {
  readonly ids: ReadonlyMap<string, number>
  readonly isNew: (id: number) => boolean
}

/** The numbers of users; whoever is not known yet gets the next one. */
function userNumbering(database: SqliteDatabase, users: ManyUsers): (steps: readonly DecidedStep[]) => Numbering {
  const selectId = database.prepare<[string], number>('SELECT id FROM users WHERE username = ?').pluck()
  const selectLast = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM users').pluck()
  const insertUsers = rowInserter(database, 'INSERT OR ROLLBACK INTO users (id, username)', 2)
  return (steps) => {
    const seen = users.takeSeen()
    const last = selectLast.get() ?? 0
    const ids = new Map<string, number>()
    const cells: SqliteValue[] = []
    for (const { username } of steps) {
      const known = seen.has(username) ? seen.get(username) : selectId.get(username)

      const id: number = known ?? last + cells.length / 2 + 1
      ids.set(username, id)
      if (known === undefined || known === null) cells.push(id, username)
    }
    insertUsers(cells)
    return { ids, isNew: (id) => id > last }
  }
}
