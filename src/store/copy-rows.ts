import { type Kysely, sql } from 'kysely'
import type { Cell, Loader } from './engine.ts'
import { EVENT_COLUMNS } from './event-table.ts'
import type { Tables } from './tables.ts'

type Table = keyof Tables

interface Layout {
  /** The primary key comes first. */
  readonly columns: readonly string[]
  readonly keyLength: 1 | 2
}

/** Every table, those first that others refer to. */
const LAYOUTS: Readonly<Record<Table, Layout>> = {
  users: {
    columns: ['id', 'username', 'subject', 'role_session_name', 'last_token_issued_at', 'last_sso_login'],
    keyLength: 1,
  },
  roles: { columns: ['id', 'arn', 'partition', 'account_id', 'path', 'name'], keyLength: 1 },
  assignments: { columns: ['user_id', 'source', 'set_at', 'set_by', 'expires_at'], keyLength: 1 },
  assignment_roles: { columns: ['user_id', 'position', 'role_id'], keyLength: 2 },
  events: { columns: EVENT_COLUMNS, keyLength: 1 },
  event_roles: { columns: ['role_id', 'event_id'], keyLength: 2 },
  // Without the claims to them: those who hold them do so in the other store.
  kept_tokens: {
    columns: ['user_id', 'issuer', 'client_id', 'sealed', 'has_refresh_token', 'id_token_expires_at'],
    keyLength: 1,
  },
}
const PAGE = 2000

/** Carries all rows over, a page at a time. */
export async function copyRows(
  loader: Loader,
  rowsOf: (table: Table) => AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<void> {
  for (const [table, { columns }] of Object.entries(LAYOUTS) as [Table, Layout][]) {
    for await (const page of rowsOf(table)) await loader.insert(table, columns, page)
  }
}

/** The rows of a table in the order of its key, in pages: memory does not grow with it. */
export async function* tableRows(db: Kysely<Tables>, table: Table): AsyncGenerator<readonly (readonly Cell[])[]> {
  const { columns, keyLength } = LAYOUTS[table]
  const list = sql.join(columns.map((column) => sql.ref(column)))
  const key = sql.join(columns.slice(0, keyLength).map((column) => sql.ref(column)))
  let last: readonly Cell[] = Array.from({ length: keyLength }, () => -1)
  for (let isLast = false; !isLast; ) {
    const { rows } = await sql<Record<string, Cell>>`
      SELECT ${list} FROM ${sql.table(table)} WHERE (${key}) > (${sql.join(last)}) ORDER BY ${key} LIMIT ${PAGE}`.execute(
      db,
    )
    const page = rows.map((row) => columns.map((column) => row[column] ?? null))
    if (page.length > 0) yield page
    last = page.at(-1)?.slice(0, keyLength) ?? last
    isLast = page.length < PAGE
  }
}
