import { type Kysely, sql } from 'kysely'
import type { EventRange, Evidence } from '../audit/event-log.ts'
import type { LastChange } from '../audit/verify-state.ts'
import { assignments } from './assigned-people.ts'
import { eventRows } from './event-table.ts'
import type { Tables } from './tables.ts'

const PAGE = 1000

/** On a connection that reads as of one moment. */
export function evidenceOf(db: Kysely<Tables>): Evidence {
  return {
    eventRows: (range) => eventRows(db, range),
    assignments: () => assignments(db),
    lastChanges: () => lastChanges(db),
    eventRoles: (range) => eventRoles(db, range),
    countEventRoles: () => countEventRoles(db),
    roleAccounts: () =>
      db.selectFrom('roles').select(['arn as roleArn', 'account_id as accountId']).orderBy('arn').execute(),
  }
}

/** A change is an event whose states differ; the last one of each person, sorted by name. */
async function* lastChanges(db: Kysely<Tables>): AsyncGenerator<readonly LastChange[]> {
  for (let [after, isLast]: [string | null, boolean] = [null, false]; !isLast; ) {
    const last = db
      .selectFrom('events')
      .select((of) => ['username', of.fn.max('id').as('last_id')])
      .where((where) => (after === null ? where('username', 'is not', null) : where('username', '>', after)))
      .where('before', 'is distinct from', sql.ref<string | null>('after'))
      .groupBy('username')
      .orderBy('username')
      .limit(PAGE)
    const page = await db
      .selectFrom(last.as('last'))
      .innerJoin('events as e', 'e.id', 'last.last_id')
      .select(['e.id', 'e.username', 'e.at', 'e.actor', 'e.after'])
      .orderBy('e.username')
      .execute()
    yield page.flatMap(({ username, ...change }) => (username === null ? [] : [{ ...change, username }]))
    after = page.at(-1)?.username ?? null
    isLast = page.length < PAGE
  }
}

function eventRoles(db: Kysely<Tables>, { after, upTo }: EventRange) {
  return db
    .selectFrom('roles as r')
    .innerJoin('event_roles as er', 'er.role_id', 'r.id')
    .select(['er.event_id as eventId', 'r.arn as roleArn'])
    .where('er.event_id', '>', after)
    .where('er.event_id', '<=', upTo)
    .execute()
}

async function countEventRoles(db: Kysely<Tables>): Promise<number> {
  const { count } = await db
    .selectFrom('event_roles')
    .select((of) => of.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
