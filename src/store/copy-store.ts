import { realpathSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { type ChainVerification, verifyChain } from '../audit/verify-chain.ts'
import { AdminError } from '../errors.ts'
import { copyRows, tableRows } from './copy-rows.ts'
import type { Engine } from './engine.ts'
import { eventRows } from './event-table.ts'
import { nameOf, type StoreLocation } from './location.ts'
import { noStore } from './no-store.ts'
import { openForReading, openForWriting } from './open-store.ts'
import type { CopyResult } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * Moves everything of one store into another that is empty, of whatever engine, ids and hashes included: all of it or
 * nothing. Before it lands, both chains are walked and heads and counts compared.
 *
 * @throws AdminError NOT_FOUND_STORE, REFUSED_SAME_STORE, REFUSED_STORE_NOT_EMPTY, REFUSED_BROKEN_CHAIN
 */
export async function copyStore(from: StoreLocation, to: StoreLocation): Promise<CopyResult> {
  if (identity(from) === identity(to)) {
    throw new AdminError('REFUSED_SAME_STORE', `${nameOf(to)} is the store itself; expected another one`)
  }
  const source = await openForReading(from)
  if (source === null) throw noStore(nameOf(from))
  try {
    const { engine: target } = await openForWriting(to)
    try {
      return await copy(source, target)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** By whatever user one comes. */
function identity(location: StoreLocation): string {
  if (location.engine === 'postgres') return `${location.host}:${location.port}/${location.database}`
  try {
    return realpathSync(location.path)
  } catch {
    return location.path
  }
}

/** Errors are told by the engine that threw them. */
function copy(source: Engine, target: Engine): Promise<CopyResult> {
  return telling(source, () =>
    source.db.connection().execute(async (reader) => {
      await source.beginReading(reader)
      return telling(target, () =>
        target.db
          .connection()
          .execute((writer) => inOneTransaction(target, writer, () => copyAll(source, target, reader, writer))),
      )
    }),
  )
}

async function telling<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw engine.translate(error)
  }
}

async function inOneTransaction<T>(engine: Engine, connection: Kysely<Tables>, work: () => Promise<T>): Promise<T> {
  await engine.beginWriting(connection)
  try {
    const result = await work()
    await engine.commit(connection)
    return result
  } catch (error) {
    await sql`ROLLBACK`.execute(connection).catch(() => {})
    throw error
  }
}

async function copyAll(
  source: Engine,
  target: Engine,
  reader: Kysely<Tables>,
  writer: Kysely<Tables>,
): Promise<CopyResult> {
  await refuseFilled(writer, target.location)
  const loader = await target.loader(writer)
  const read = <T>(rows: AsyncIterable<T>) => tellingStream(source, rows)
  await copyRows(loader, (table) => read(tableRows(reader, table)))
  await loader.finish()
  const wanted = await stateOf(reader, source.location)
  const found = await stateOf(writer, target.location)
  refuseDifference(wanted, found, target.location)
  return { from: source.location, to: target.location, ...found }
}

async function* tellingStream<T>(engine: Engine, rows: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* rows
  } catch (error) {
    throw engine.translate(error)
  }
}

async function refuseFilled(db: Kysely<Tables>, location: string): Promise<void> {
  for (const table of ['users', 'roles', 'events'] as const) {
    const { rows } = await sql`SELECT 1 FROM ${sql.table(table)} LIMIT 1`.execute(db)
    if (rows.length === 0) continue
    throw new AdminError('REFUSED_STORE_NOT_EMPTY', `${location} is not empty: it has ${table}; expected a new store`)
  }
}

interface State {
  readonly users: number
  readonly assignments: number
  readonly events: number
  readonly headHash: string | null
}

async function stateOf(db: Kysely<Tables>, location: string): Promise<State> {
  const { verified, headHash, broken } = await verifyChain(eventRows(db))
  if (broken !== null) throw brokenChain(broken, location)
  return { users: await count(db, 'users'), assignments: await count(db, 'assignments'), events: verified, headHash }
}

function brokenChain({ id, problem }: NonNullable<ChainVerification['broken']>, location: string): AdminError {
  const message = `event ${id} of ${location} is not as it was written: ${problem}`
  return new AdminError('REFUSED_BROKEN_CHAIN', message, {
    suggestions: ['admin audit verify'],
    details: { event: id },
  })
}

async function count(db: Kysely<Tables>, table: 'users' | 'assignments'): Promise<number> {
  const { total } = await db
    .selectFrom(table)
    .select((query) => query.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

function refuseDifference(wanted: State, found: State, location: string): void {
  const [seen, expected] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (seen === expected) return
  throw new Error(`what arrived at ${location} is not what was sent: ${seen}, expected ${expected}`)
}
