import { tmpdir } from 'node:os'
import Database from 'better-sqlite3'
import type { Entry } from '../../assignments/import/entry.ts'
import type { EntrySorter } from '../../assignments/import/entry-sorter.ts'
import type { Username } from '../../assignments/username.ts'
import type { Instant } from '../../clock.ts'
import type { RoleArn } from '../../iam/role-arn.ts'
import { rowInserter } from './row-inserter.ts'
import { translateSqliteError } from './sqlite-errors.ts'

const PAGE = 3000
/** In KiB; what is more waits in files without names. */
const CACHE = 32_768

interface EntryRow {
  readonly username: Username
  readonly line: number
  readonly role_arns: string
  readonly is_whole: number
  /** What the line says of the end as JSON; nothing where it says nothing. */
  readonly expires_at: string | null
}

/** Sorts in a database of its own, which SQLite keeps in a file without a name and which goes with the process. */
export function openEntrySorter(): EntrySorter {
  const database = new Database('')
  database.exec(`PRAGMA cache_size = -${CACHE};
    CREATE TABLE entries (username TEXT, line INTEGER, role_arns TEXT, is_whole INTEGER, expires_at TEXT);
    BEGIN`)
  const insert = rowInserter(database, 'INSERT INTO entries', 5)
  let isSorted = false
  return {
    add: (entries) => inTemporaryDirectory(() => insert(entries.flatMap(toCells))),
    *sorted() {
      if (!isSorted) inTemporaryDirectory(() => sort(database))
      isSorted = true
      yield* pages(database)
    },
    close: () => void database.close(),
  }
}

function toCells({ username, line, roleArns, isWhole, expiresAt }: Entry) {
  return [
    username,
    line,
    roleArns.join(','),
    isWhole ? 1 : 0,
    expiresAt === undefined ? null : JSON.stringify(expiresAt),
  ]
}

/** Texts sort by code point, as in the store. */
function sort(database: Database.Database): void {
  database.exec('CREATE TABLE sorted AS SELECT * FROM entries ORDER BY username, line; DROP TABLE entries')
}

function* pages(database: Database.Database): Generator<readonly Entry[]> {
  const page = database.prepare<[number, number], EntryRow>(
    'SELECT * FROM sorted WHERE rowid > ? ORDER BY rowid LIMIT ?',
  )
  for (let after = 0; ; after += PAGE) {
    const rows = page.all(after, PAGE)
    if (rows.length === 0) return
    yield rows.map(toEntry)
  }
}

function toEntry({ username, line, role_arns, is_whole, expires_at }: EntryRow): Entry {
  return {
    line,
    username,
    roleArns: role_arns.split(',') as RoleArn[],
    isWhole: is_whole === 1,
    expiresAt: expires_at === null ? undefined : (JSON.parse(expires_at) as Instant | null),
  }
}

function inTemporaryDirectory<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw translateSqliteError(error, tmpdir())
  }
}
