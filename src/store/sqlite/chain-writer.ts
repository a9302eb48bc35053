import type { EventState, NewEvent } from '../../audit/event.ts'
import { GENESIS_HASH } from '../../audit/hash-chain.ts'
import { chainedRow, EVENT_COLUMNS } from '../event-table.ts'
import type { KnownRoles } from './known-roles.ts'
import { rowInserter, type SqliteValue } from './row-inserter.ts'
import type { SqliteDatabase } from './sqlite-connection.ts'

/** Puts events at the end of the chain, in their order. Nobody else may write meanwhile. */
export type ChainWriter = (events: readonly NewEvent[]) => void

interface Head {
  readonly id: number
  readonly hash: string
}

export function chainWriter(database: SqliteDatabase, roles: KnownRoles): ChainWriter {
  const selectHead = database.prepare<[], Head>('SELECT id, hash FROM events ORDER BY id DESC LIMIT 1')
  const insertEvents = rowInserter(database, `INSERT INTO events (${EVENT_COLUMNS.join(', ')})`, EVENT_COLUMNS.length)
  const insertRoles = rowInserter(database, 'INSERT OR ROLLBACK INTO event_roles (role_id, event_id)', 2)
  return (events) => {
    let head: Head = selectHead.get() ?? { id: 0, hash: GENESIS_HASH }
    const cells: SqliteValue[] = []
    const held: (readonly [number, number])[] = []
    for (const event of events) {
      const row = chainedRow(event, head)
      cells.push(...EVENT_COLUMNS.map((column) => row[column]))
      for (const role of rolesHeld(event, roles)) held.push([role, row.id])
      head = row
    }
    insertEvents(cells)
    // In the order of the table, so that neighbours are written together.
    held.sort(([role, event], [otherRole, otherEvent]) => role - otherRole || event - otherEvent)
    insertRoles(held.flat())
  }
}

function rolesHeld({ before, after }: NewEvent, roles: KnownRoles): Iterable<number> {
  const [old, fresh] = [roleIds(before, roles), roleIds(after, roles)]
  return old.length === 0 ? fresh : new Set([...old, ...fresh])
}

/** They stand in their table: the assignments are put before their events. */
function roleIds(state: EventState | null, roles: KnownRoles): readonly number[] {
  return state === null ? [] : state.roleArns.flatMap((arn) => roles.findId(arn) ?? [])
}
