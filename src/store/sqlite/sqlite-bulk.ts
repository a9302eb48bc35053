import type { Bulk } from '../engine.ts'
import { assignmentWriter } from './assignment-writer.ts'
import { chainWriter } from './chain-writer.ts'
import { knownRoles } from './known-roles.ts'
import { manyUsers } from './many-users.ts'
import type { SqliteDatabase } from './sqlite-connection.ts'

/** In KiB. The indexes that a large import writes to all over do not fit into the 2 MB of a usual connection. */
const CACHE = 65_536

/**
 * Many people at once, past the query builder, which costs ten times as much as the work itself: prepared statements of
 * many rows, and roles that are looked up once. For one transaction.
 */
export function sqliteBulk(database: SqliteDatabase): Bulk {
  database.pragma(`cache_size = -${CACHE}`)
  const roles = knownRoles(database)
  const users = manyUsers(database, roles)
  let writers: { assign: ReturnType<typeof assignmentWriter>; chain: ReturnType<typeof chainWriter> } | undefined
  return {
    findUsers: async (usernames) => users.find(usernames),
    noteNamed: async (usernames) => users.noteNamed(usernames),
    unnamedCliUsers: () => users.unnamedCliUsers(),
    async putSteps(steps) {
      // Not before: whoever only reads may not prepare writing.
      writers ??= { assign: assignmentWriter(database, users, roles), chain: chainWriter(database, roles) }
      for (const { next } of steps) for (const arn of next?.roleArns ?? []) roles.idOf(arn)
      writers.assign(steps)
      writers.chain(steps.map(({ event }) => event))
    },
  }
}
