import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { temporaryDirectory } from './admin.ts'
import { type PostgresOptions, type PostgresServer, type Row, startPostgres, whyNoPostgres } from './postgres-server.ts'
import { sqlite } from './sqlite.ts'

/** A place for a store that no other test has seen; nobody has written there yet. */
export interface TestStore {
  /** What `--database` or `ADMIN_DATABASE` takes. */
  readonly url: string
  /** What messages and results call it: no password. */
  readonly location: string
  /** Reads or edits it by another road than ours. */
  readonly rows: (sql: string) => Promise<Row[]>
}

export interface TestEngine {
  readonly name: 'sqlite' | 'postgres'
  readonly newStore: () => Promise<TestStore>
}

/** The same tests for each engine, on a real file and a real server. */
export function describeEngines(title: string, work: (engine: TestEngine) => void): void {
  describe(`${title} (sqlite)`, () => work(sqliteEngine()))
  describePostgres(`${title} (postgres)`, (server) => work(postgresEngine(server)))
}

/** Tests of PostgreSQL alone. The server is started before the first of them. */
export function describePostgres(
  title: string,
  work: (server: () => PostgresServer) => void,
  options: PostgresOptions = {},
): void {
  if (whyNoPostgres !== null) process.stderr.write(`SKIPPED, as ${whyNoPostgres}: ${title}\n`)
  const declare = whyNoPostgres === null ? describe : describe.skip
  declare(title, () => {
    let server: PostgresServer | undefined
    beforeAll(async () => {
      server = await startPostgres(options)
    })
    afterAll(() => server?.remove())
    work(() => {
      if (server === undefined) throw new Error('the server is started before the first test, not while declaring it')
      return server
    })
  })
}

export async function newPostgresStore(server: PostgresServer): Promise<TestStore> {
  const database = await server.newDatabase()
  return {
    url: server.url(database),
    location: `postgres://${server.ordinary.user}@localhost:${server.port}/${database}`,
    rows: (sql) => server.query(database, sql),
  }
}

function sqliteEngine(): TestEngine {
  const directory = temporaryDirectory()
  return {
    name: 'sqlite',
    newStore: async () => {
      const file = join(directory, randomUUID(), 'admin.db')
      return { url: file, location: file, rows: async (sql) => sqlite(file, sql) }
    },
  }
}

function postgresEngine(server: () => PostgresServer): TestEngine {
  return { name: 'postgres', newStore: () => newPostgresStore(server()) }
}
