import type { Kysely } from 'kysely'
import type { UserRecord } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import type { Bulk } from './engine.ts'
import { appendEvent } from './event-table.ts'
import { findUser } from './read-assignments.ts'
import type { Tables } from './tables.ts'
import { putAssignment } from './write-assignments.ts'

const PAGE = 1000

/** Many people one by one: right on every engine, and the measure of those who do it faster. */
export function stepByStep(db: Kysely<Tables>): Bulk {
  const named = new Set<string>()
  return {
    async findUsers(usernames) {
      const found = new Map<Username, UserRecord>()
      for (const username of usernames) {
        const user = await findUser(db, username)
        if (user !== null) found.set(username, user)
      }
      return found
    },
    async noteNamed(usernames) {
      for (const username of usernames) named.add(username)
    },
    unnamedCliUsers: () => unnamedCliUsers(db, named),
    async putSteps(steps) {
      for (const { username, next, event } of steps) {
        await putAssignment(db, username, next, event.at, event.actor)
        await appendEvent(db, event)
      }
    },
  }
}

async function* unnamedCliUsers(db: Kysely<Tables>, named: ReadonlySet<string>): AsyncGenerator<readonly UserRecord[]> {
  for (let after = '', isLast = false; !isLast; ) {
    const page = await db
      .selectFrom('users as u')
      .innerJoin('assignments as a', 'a.user_id', 'u.id')
      .select('u.username')
      .where('a.source', '=', 'cli')
      .where('u.username', '>', after)
      .orderBy('u.username')
      .limit(PAGE)
      .execute()
    const unnamed = page.flatMap(({ username }) => (named.has(username) ? [] : [username as Username]))
    const users = await Promise.all(unnamed.map((username) => findUser(db, username)))
    yield users.filter((user) => user !== null)
    after = page.at(-1)?.username ?? ''
    isLast = page.length < PAGE
  }
}
