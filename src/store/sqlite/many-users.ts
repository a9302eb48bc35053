import type { UserRecord } from '../../assignments/assignment-store.ts'
import type { Username } from '../../assignments/username.ts'
import { toUser, type UserColumns } from '../read-assignments.ts'
import type { KnownRoles } from './known-roles.ts'
import type { SqliteDatabase } from './sqlite-connection.ts'

/** A user with the numbers of their roles in order, separated by commas. */
interface UserRow extends UserColumns {
  readonly id: number
  readonly username: Username
  readonly role_ids: string | null
}

export interface ManyUsers {
  find(usernames: readonly Username[]): ReadonlyMap<Username, UserRecord>
  noteNamed(usernames: readonly Username[]): void
  unnamedCliUsers(): AsyncGenerator<readonly UserRecord[]>
  /** The numbers of those whom the last answer held, `null` for those whom it looked for in vain; asked for once. */
  takeSeen(): ReadonlyMap<Username, number | null>
}

const PAGE = 1000
const COLUMNS = `u.id, u.username, u.subject, u.role_session_name, u.last_token_issued_at, u.last_sso_login,
  a.source, a.set_at, a.set_by, a.expires_at,
  (SELECT group_concat(role_id) FROM (SELECT role_id FROM assignment_roles WHERE user_id = u.id ORDER BY position))
    AS role_ids`

/** Reads many people at a time. */
export function manyUsers(database: SqliteDatabase, roles: KnownRoles): ManyUsers {
  const byName = database.prepare<[string], UserRow>(
    `SELECT ${COLUMNS} FROM users u LEFT JOIN assignments a ON a.user_id = u.id
     WHERE u.username IN (SELECT value FROM json_each(?))`,
  )
  const lastName = database.prepare<[], string | null>('SELECT max(username) FROM users').pluck()
  let seen = new Map<Username, number | null>()
  let hasNamed = false
  const prepareNamed = () => {
    if (!hasNamed) namedTable(database)
    hasNamed = true
  }
  const answer = (rows: readonly UserRow[]) => {
    for (const { username, id } of rows) seen.set(username, id)
    return rows.map((row) => toRecord(row, roles))
  }
  return {
    find(usernames) {
      seen = new Map(usernames.map((username) => [username, null]))
      if (areBehind(usernames, lastName.get() ?? null)) return new Map()
      return new Map(answer(byName.all(JSON.stringify(usernames))).map((user) => [user.username, user]))
    },
    noteNamed(usernames) {
      prepareNamed()
      const note = database.prepare('INSERT OR IGNORE INTO temp.named SELECT value FROM json_each(?)')
      note.run(JSON.stringify(usernames))
    },
    async *unnamedCliUsers() {
      prepareNamed()
      for (const rows of unnamed(database)) {
        seen = new Map()
        yield answer(rows)
      }
    },
    takeSeen() {
      const taken = seen
      seen = new Map()
      return taken
    },
  }
}

/**
 * That all of them sort behind the last user, as in a sorted file for an empty store: they need not be looked for. The
 * first of them must be ASCII, for else JavaScript may sort in another way than SQLite.
 */
function areBehind(usernames: readonly string[], last: string | null): boolean {
  if (last === null) return true
  const [first = ''] = usernames.toSorted()
  return first > last && /^[!-~]+$/.test(first)
}

/** Temporary tables are a connection's own, and may be made where the store itself may only be read. */
function namedTable(database: SqliteDatabase): void {
  database.exec(`DROP TABLE IF EXISTS temp.named;
    CREATE TABLE temp.named (username TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`)
}

function* unnamed(database: SqliteDatabase): Generator<readonly UserRow[]> {
  const page = database.prepare<[string, number], UserRow>(
    `SELECT ${COLUMNS} FROM users u JOIN assignments a ON a.user_id = u.id
     WHERE a.source = 'cli' AND u.username > ? AND u.username NOT IN (SELECT username FROM temp.named)
     ORDER BY u.username LIMIT ?`,
  )
  for (let after = '', isLast = false; !isLast; ) {
    const rows = page.all(after, PAGE)
    yield rows
    after = rows.at(-1)?.username ?? ''
    isLast = rows.length < PAGE
  }
}

function toRecord(row: UserRow, roles: KnownRoles): UserRecord {
  const ids = row.role_ids === null ? [] : row.role_ids.split(',')
  const roleArns = ids.map((id) => roles.arnOf(Number(id)))
  return toUser(row.username, row, roleArns)
}
