/**
 * Fills a new store with people: fill-store.ts FILE USERS. It goes through the project's own migrations and hash
 * chain, so the store is one that `admin audit verify` accepts; only the inserts are gathered in one transaction.
 */
import Database from 'better-sqlite3'
import { eventHash, GENESIS_HASH } from '../src/audit/hash-chain.ts'
import { migrateSqlite } from '../src/store/sqlite/sqlite-migrations.ts'

const ROLES = 300
const ROLES_OF_A_USER = 3
const AT = '2026-01-01T00:00:00Z'

/** Writes `users` people with three roles each; `user-1` is the first of them. */
export function fillStore(path: string, users: number, roles = ROLES): void {
  const database = new Database(path)
  try {
    database.pragma('journal_mode = WAL')
    migrateSqlite(database)
    database.transaction(() => fill(database, users, roles)).immediate()
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}

export function benchRole(number: number): string {
  return `arn:aws:iam::123456789012:role/team/bench-${number}`
}

function fill(database: Database.Database, users: number, roles: number): void {
  const role = database.prepare(
    'INSERT INTO roles (id, arn, "partition", account_id, path, name) VALUES (?, ?, ?, ?, ?, ?)',
  )
  for (let id = 1; id <= roles; id += 1) role.run(id, benchRole(id), 'aws', '123456789012', '/team/', `bench-${id}`)
  const insertUser = userInserter(database, roles)
  let previousHash = GENESIS_HASH
  for (let id = 1; id <= users; id += 1) previousHash = insertUser(id, previousHash)
}

/** Answers a function that writes one person, their roles and the event, and answers the hash of that event. */
function userInserter(database: Database.Database, allRoles: number) {
  const user = database.prepare('INSERT INTO users (id, username) VALUES (?, ?)')
  const assignment = database.prepare(
    "INSERT INTO assignments (user_id, source, set_at, set_by) VALUES (?, 'cli', ?, 'root')",
  )
  const assigned = database.prepare('INSERT INTO assignment_roles (user_id, position, role_id) VALUES (?, ?, ?)')
  const event = database.prepare(
    `INSERT INTO events (id, at, action, actor, actor_uid, host, username, after, previous_hash, hash)
     VALUES (@id, @at, @action, @actor, @actor_uid, @host, @username, @after, @previous_hash, @hash)`,
  )
  const eventRole = database.prepare('INSERT INTO event_roles (role_id, event_id) VALUES (?, ?)')
  return (id: number, previousHash: string): string => {
    const roles = Array.from({ length: ROLES_OF_A_USER }, (_, index) => ((id + index * 101) % allRoles) + 1)
    user.run(id, `user-${id}`)
    assignment.run(id, AT)
    for (const [index, roleId] of roles.entries()) assigned.run(id, index + 1, roleId)
    const row = eventRow(id, roles.map(benchRole), previousHash)
    const hash = eventHash(row)
    event.run({ ...row, hash })
    for (const roleId of roles) eventRole.run(roleId, id)
    return hash
  }
}

function eventRow(id: number, roleArns: readonly string[], previousHash: string) {
  return {
    id,
    at: AT,
    action: 'set',
    actor: 'root',
    actor_uid: 0,
    host: 'bench',
    username: `user-${id}`,
    before: null,
    after: JSON.stringify({ source: 'cli', roleArns, expiresAt: null }),
    reason: null,
    details: null,
    previous_hash: previousHash,
  }
}
