import type { Compilable, Expression, Kysely, RawBuilder, SqlBool } from 'kysely'
import type { DecidedStep, UserRecord } from '../assignments/assignment-store.ts'
import type { Username } from '../assignments/username.ts'
import type { Glob } from '../audit/glob.ts'
import type { Tables } from './tables.ts'

/** What each engine does in its own way. Everything else is one text for both. */
export interface Engine {
  readonly db: Kysely<Tables>
  /** Where the store is, without a password. */
  readonly location: string
  /** Begins to read as of one moment. */
  readonly beginReading: (connection: Kysely<Tables>) => Promise<void>
  /** Begins a transaction that no other writer can enter until it ends. */
  readonly beginWriting: (connection: Kysely<Tables>) => Promise<void>
  /** Does one short piece of writing; waits for other writers without keeping anything else in this process from going on. */
  readonly waitToWrite: <T>(work: (connection: Kysely<Tables>) => Promise<T>) => Promise<T>
  /** Ends the transaction. When it resolves, what was written stays; when it rejects with a code of ours, that says so. */
  readonly commit: (connection: Kysely<Tables>) => Promise<void>
  /** Now, in seconds since 1970, by the one clock that all writers of the store have in common. */
  readonly storeTime: Expression<number>
  /** That a text is one of many; however many they are, they are one parameter. */
  readonly isOneOf: (text: Expression<string | null>, values: readonly string[]) => Expression<SqlBool>
  /** That a text has wildcards is known. */
  readonly matchesPattern: (text: Expression<string | null>, glob: Glob) => Expression<SqlBool>
  /** The rows of a query as the engine finds them: in batches, the first of one row, for whoever waits for it. */
  readonly stream: <Row>(query: Compilable<Row>) => AsyncIterable<readonly Row[]>
  /** The canonical text of an event, of its columns by their names; `null` where only we can make it. */
  readonly canonicalText: RawBuilder<string | null> | null
  /** What follows reads a small part of the store. */
  readonly expectFew: () => void
  /** For many people at once, on a connection that is inside a transaction. */
  readonly bulk: (connection: Kysely<Tables>) => Promise<Bulk>
  /** For rows as they stand in another store, on a connection that is inside a transaction. */
  readonly loader: (connection: Kysely<Tables>) => Promise<Loader>
  /** What the engine threw, in our words; what is none of its errors comes back as it was. */
  readonly translate: (error: unknown) => unknown
  /** Whether the engine threw it because its connection is gone: another one may do. */
  readonly isConnectionLost: (error: unknown) => boolean
  readonly close: () => Promise<void>
}

/** See the port, `AssignmentSnapshot` and `AssignmentTransaction`. */
export interface Bulk {
  findUsers(usernames: readonly Username[]): Promise<ReadonlyMap<Username, UserRecord>>
  noteNamed(usernames: readonly Username[]): Promise<void>
  unnamedCliUsers(): AsyncIterable<readonly UserRecord[]>
  putSteps(steps: readonly DecidedStep[]): Promise<void>
}

/** What a column may hold. */
export type Cell = string | number | null

/** Puts rows into tables, ids included. */
export interface Loader {
  insert(table: keyof Tables, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void>
  /** Sees to it that ids given from now on come after those that were put. */
  finish(): Promise<void>
}
