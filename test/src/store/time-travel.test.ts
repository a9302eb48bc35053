import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parseGlob } from '../../../src/audit/glob.ts'
import type { Holding, HoldingFilter, Moment } from '../../../src/audit/holdings.ts'
import type { Instant } from '../../../src/clock.ts'
import { parseAccountId } from '../../../src/iam/account-id.ts'
import { parseStoreLocation } from '../../../src/store/location.ts'
import { openStore } from '../../../src/store/open-store.ts'
import type { Store } from '../../../src/store/store.ts'
import { admin, temporaryDirectory } from '../../support/admin.ts'
import { analyst, engineer, scientist } from '../../support/arns.ts'
import { describeEngines } from '../../support/engines.ts'
import { chosen, instantAt, people, randomNumbers, takeRandomSteps } from '../../support/random-histories.ts'
import { sqlite } from '../../support/sqlite.ts'

const HISTORIES = 1000
const CHUNKS = 20
const STEPS = 400

const seed = Math.floor(Math.random() * 2 ** 31)
const random = randomNumbers(seed)
const file = join(temporaryDirectory(), 'admin.db')
const everything: HoldingFilter = { users: [], roles: [], accounts: [], sources: [] }
/** What the assignments said between two chunks of steps. */
const witnessed: { readonly at: Instant; readonly holdings: readonly Holding[] }[] = []
let end = 0
let events: readonly Event[] = []

interface Event {
  readonly at: Instant
  readonly action: string
  readonly actor: string
  readonly username: string | null
  readonly before: string | null
  readonly after: string | null
}

beforeAll(async () => {
  // In a process of its own: errors of Node.js are no `Error` to what jest has loaded.
  await admin(['store', 'migrate', '--database', file])
  const store = await open(file, 'write')
  const usernames = Array.from({ length: HISTORIES }, (_, history) => people(history)).flat()
  const plan = { usernames, roles: [analyst, scientist, engineer, `${analyst}-2`], steps: STEPS, random }
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    end = await takeRandomSteps(store, plan, end)
    const at = instantAt(end)
    witnessed.push({ at, holdings: await all(store, everything, { kind: 'now', at }) })
    end += 1
  }
  await store.close()
  events = sqlite(file, 'SELECT at, action, actor, username, before, after FROM events ORDER BY id')
})

describeEngines('what was held at a moment of the past', (engine) => {
  let store: Store

  beforeAll(async () => {
    const { url } = await engine.newStore()
    const copied = await admin(['store', 'copy', '--to', url, '--database', file])
    expect(copied).toMatchObject({ exitCode: 0 })
    store = await open(url, 'read')
  })

  afterAll(() => store.close())

  test('is, for 1,000 random histories and instants, what a replay of the events says', async () => {
    for (let history = 0; history < HISTORIES; history += 1) {
      const at = instantAt(Math.floor(random() * end))
      const users = [parseGlob(`h${history}-*`)]
      const said = await all(store, { ...everything, users }, { kind: 'past', at })
      expect({ seed, history, at, said }).toEqual({ seed, history, at, said: replay(at, `h${history}-`) })
    }
  })

  test('is what the assignments said at that time', async () => {
    for (const { at, holdings } of witnessed)
      expect({ seed, at, said: await all(store, everything, { kind: 'past', at }) }).toEqual({
        seed,
        at,
        said: holdings,
      })
  })

  test.each([
    ['roles', { roles: [parseGlob('*:role/*analyst')] }, ({ arn }) => /:role\/(.*)analyst$/.test(arn)],
    ['one role', { roles: [parseGlob(scientist)] }, ({ arn }) => arn === scientist],
    ['accounts', { accounts: [parseAccountId('210987654321')] }, ({ arn }) => arn.includes(':210987654321:')],
    ['sources', { sources: ['sso'] }, ({ source }) => source === 'sso'],
    [
      'all of them together',
      { roles: [parseGlob(analyst), parseGlob('*scientist')], sources: ['cli'], users: [parseGlob('*-?')] },
      ({ arn, source }) => (arn === analyst || arn === scientist) && source === 'cli',
    ],
  ] as readonly [string, Partial<HoldingFilter>, (row: Row) => boolean][])(
    'is filtered by %s, now as then',
    async (_, filter, isWanted) => {
      for (let round = 0; round < 20; round += 1) {
        const moments: readonly Moment[] = [
          { kind: 'past', at: instantAt(Math.floor(random() * end)) },
          { kind: 'now', at: instantAt(end) },
        ]
        const moment = chosen(random, moments)
        const said = rows(await all(store, { ...everything, ...filter }, moment))
        expect({ seed, moment, said }).toEqual({ seed, moment, said: rows(replay(moment.at)).filter(isWanted) })
      }
    },
  )

  test('was nothing before the first event', async () => {
    expect(await all(store, everything, { kind: 'past', at: instantAt(-1) })).toEqual([])
  })
})

interface Row {
  readonly username: string
  readonly arn: string
  readonly source: string
}

function rows(holdings: readonly Holding[]): readonly Row[] {
  return holdings.flatMap(({ username, source, roleArns }) => roleArns.map((arn) => ({ username, source, arn })))
}

/** By another road than the store: every event from the first on, one after another. */
function replay(at: Instant, prefix = ''): readonly Holding[] {
  const states = new Map<string, Holding>()
  for (const event of events) {
    const { username, action } = event
    if (event.at > at) break
    if (username === null || !username.startsWith(prefix) || event.before === event.after) continue
    const isLeft = action === 'unset' || action === 'expire' || event.after === null
    if (isLeft) states.delete(username)
    else states.set(username, { username, ...JSON.parse(event.after ?? ''), setAt: event.at, setBy: event.actor })
  }
  return [...states.values()]
    .filter(({ expiresAt, roleArns }) => (expiresAt === null || expiresAt > at) && roleArns.length > 0)
    .sort((one, other) => (one.username < other.username ? -1 : 1))
}

async function open(url: string, access: 'read' | 'write'): Promise<Store> {
  const noPassword = async () => {
    throw new Error('no store of this test signs in to AWS')
  }
  return openStore(await parseStoreLocation(url, process.env, noPassword), access)
}

async function all(store: Store, filter: HoldingFilter, moment: Moment): Promise<readonly Holding[]> {
  const found: Holding[] = []
  for await (const batch of store.holdings(filter, moment)) found.push(...batch)
  return found
}
