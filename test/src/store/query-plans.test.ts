import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CompiledQuery, type KyselyPlugin } from 'kysely'
import type { EventFilter } from '../../../src/audit/event-log.ts'
import { parseGlob } from '../../../src/audit/glob.ts'
import type { HoldingFilter } from '../../../src/audit/holdings.ts'
import { systemClock } from '../../../src/clock.ts'
import { parseAccountId } from '../../../src/iam/account-id.ts'
import type { Engine } from '../../../src/store/engine.ts'
import { events } from '../../../src/store/event-table.ts'
import { parseStoreLocation } from '../../../src/store/location.ts'
import { openForReading } from '../../../src/store/open-store.ts'
import { holdings as pastHoldings } from '../../../src/store/past-holdings.ts'
import { holdings as presentHoldings } from '../../../src/store/present-holdings.ts'
import { usersFrom } from '../../../src/store/read-assignments.ts'
import { admin } from '../../support/admin.ts'
import { analyst } from '../../support/arns.ts'
import { describeEngines } from '../../support/engines.ts'

const now = systemClock()
const person = { users: [parseGlob('alice')] }
const people = { users: [parseGlob('al*'), parseGlob('b?b'), parseGlob('carol')] }
const texts = { users: [parseGlob('alice'), parseGlob('bob')] }
const role = { roles: [parseGlob(analyst)] }
const roles = { roles: [parseGlob('arn:aws:iam::1*'), parseGlob(analyst)] }
const account = { accounts: [parseAccountId('123456789012')] }

const logFilters: readonly [string, Partial<EventFilter>][] = [
  ['a person', person],
  ['people', people],
  ['people by their names', texts],
  ['a role', role],
  ['roles', roles],
  ['an actor', { actors: [parseGlob('root')] }],
  ['actors', { actors: [parseGlob('ro*'), parseGlob('carol')] }],
  ['an action', { actions: ['unset'] }],
  ['actions', { actions: ['set', 'unset'] }],
  ['a beginning', { since: now }],
  ['an end', { until: now }],
]
const holdingFilters: readonly [string, Partial<HoldingFilter>][] = [
  ['a person', person],
  ['people', people],
  ['people by their names', texts],
  ['a role', role],
  ['roles', roles],
  ['an account', account],
]

describeEngines('each filter alone is a search of an index', (engine) => {
  let opened: Engine

  beforeAll(async () => {
    const { url } = await engine.newStore()
    await admin(['set-aws-role-arns', 'alice', analyst, '--database', url])
    const location = await parseStoreLocation(url, process.env, () => Promise.reject(new Error('no password of AWS')))
    const reader = await openForReading(location)
    if (reader === null) throw new Error('there is no store')
    opened = reader
  })

  afterAll(() => opened.close())

  test.each(logFilters)('of the log: %s', async (_, filter) => {
    const all = { users: [], roles: [], actors: [], actions: [], since: null, until: null, limit: null, ...filter }
    expect(scansOf(await plansOf(opened, (spied) => events(spied, all)))).toEqual([])
  })

  test.each([...holdingFilters, ['a source', { sources: ['sso'] }] as const])(
    'of the assignments: %s',
    async (_, filter) => {
      const all = { ...everything, ...filter }
      expect(scansOf(await plansOf(opened, (spied) => presentHoldings(spied, all, now)))).toEqual([])
    },
  )

  test.each(holdingFilters)('of what was: %s', async (_, filter) => {
    const all = { ...everything, ...filter }
    expect(scansOf(await plansOf(opened, (spied) => pastHoldings(spied, all, now)))).toEqual([])
  })

  test('of people: the beginning of their names', async () => {
    const plans = await plansOf(opened, async function* ({ db }) {
      yield await usersFrom(db, 'al', 5)
    })
    expect(plans.length).toBeGreaterThan(0)
    expect(scansOf(plans)).toEqual([])
  })

  test('while a question for everything is none', async () => {
    const plans = await plansOf(opened, (spied) => presentHoldings(spied, everything, now))
    expect(plans.length).toBeGreaterThan(0)
    if (engine.name === 'sqlite') expect(scansOf(plans)).toHaveLength(1)
  })
})

const everything: HoldingFilter = { users: [], roles: [], accounts: [], sources: [] }

/** How the engine answers each query that this asks. */
async function plansOf(engine: Engine, ask: (spied: Engine) => AsyncIterable<unknown>): Promise<readonly string[]> {
  const asked: Parameters<KyselyPlugin['transformQuery']>[0][] = []
  const spy: KyselyPlugin = {
    transformQuery: (query) => {
      asked.push(query)
      return query.node
    },
    transformResult: async ({ result }) => result,
  }
  for await (const _ of ask({ ...engine, db: engine.db.withPlugin(spy) }));
  const lines = await Promise.all(
    asked.map(({ node, queryId }) => planOf(engine, engine.db.getExecutor().compileQuery(node, queryId))),
  )
  return lines.flat()
}

/** A table of one row is read as a whole wherever PostgreSQL may. */
async function planOf(engine: Engine, { sql, parameters }: CompiledQuery): Promise<readonly string[]> {
  const isSqlite = engine.location.startsWith('/')
  return engine.db.connection().execute(async (connection) => {
    const ask = (text: string, values: readonly unknown[] = []) =>
      connection.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]))
    if (!isSqlite) await ask('SET enable_seqscan = off')
    const { rows } = await ask(`${isSqlite ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN'} ${sql}`, parameters)
    return rows.map((row) => String(row.detail ?? row['QUERY PLAN']))
  })
}

/** What a filter holds is read as a whole, too: `json_each` is no table. */
function scansOf(plans: readonly string[]): readonly string[] {
  return plans.filter((line) => /^SCAN (?!json_each )|Seq Scan/.test(line))
}
