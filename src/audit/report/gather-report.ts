import type { Instant } from '../../clock.ts'
import { eventActions } from '../event.ts'
import type { EventFilter, EventLog } from '../event-log.ts'
import { accountOf, type HoldingList } from '../holdings.ts'
import type { KnownPeople } from '../people.ts'
import { type ChainVerification, verifyChain } from '../verify-chain.ts'
import { collectPeople, type People } from './collect-people.ts'
import { daysFrom } from './days-from.ts'
import { findAll, marksOf } from './find.ts'
import { LogTally } from './log-tally.ts'
import { type Figures, MOST_EVENTS, MOST_PEOPLE, type ReportData, SOON, TIMELINE } from './report-data.ts'

/** What a report is made from. */
export interface ReportSources extends HoldingList, KnownPeople, EventLog {
  /** Without a password. */
  readonly location: string
}

export interface ReportRequest {
  readonly title: string
  readonly now: Instant
  /** Of this program. */
  readonly version: string
}

/** Reads the whole store once. The people are kept in memory, the log is walked. */
export async function gatherReport(sources: ReportSources, request: ReportRequest): Promise<ReportData> {
  const { title, now, version } = request
  const head = await newestId(sources)
  const people = await collectPeople(sources, now)
  const tally = new LogTally(daysFrom(now, 1 - TIMELINE), daysFrom(now, -SOON))
  const chain = await verifyChain(tally.watch(sources.eventRows()))
  const marks = marksOf(people, tally.forced, now)
  const marked = people.holders.map((person) => ({ ...person, findings: marks.get(person.username) ?? [] }))
  return {
    title,
    madeAt: now,
    version,
    store: storeOf(sources.location, chain, tally, head),
    figures: figuresOf(people, marks, tally),
    findings: await findAll(sources, people, marks, tally.forced, now),
    roleArns: people.roleArns,
    people: marked.slice(0, MOST_PEOPLE),
    days: tally.days(),
    newest: await collect(sources.events(newestOfPeople)),
  }
}

async function newestId(log: EventLog): Promise<number> {
  const [newest] = await collect(log.events({ ...everyEvent, limit: 1 }))
  return newest?.id ?? 0
}

const everyEvent: EventFilter = { users: [], roles: [], actors: [], actions: [], since: null, until: null, limit: null }

const newestOfPeople: EventFilter = {
  ...everyEvent,
  actions: eventActions.filter((action) => !action.startsWith('aws-')),
  limit: MOST_EVENTS,
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

function storeOf(location: string, chain: ChainVerification, tally: LogTally, head: number): ReportData['store'] {
  return {
    location,
    events: tally.events,
    headHash: chain.headHash,
    broken: chain.broken,
    meanwhile: Math.max(0, tally.newest - head),
  }
}

function figuresOf(
  { holders, roleArns }: People,
  marks: ReadonlyMap<string, readonly string[]>,
  tally: LogTally,
): Figures {
  const countOf = (mark: string) => holders.filter(({ username }) => marks.get(username)?.includes(mark)).length
  const setBySso = holders.filter(({ source }) => source === 'sso').length
  const neverLoggedIn = holders.filter(({ lastSsoLogin }) => lastSsoLogin === null).length
  return {
    people: holders.length,
    roles: roleArns.length,
    pairs: holders.reduce((sum, { roles }) => sum + roles.length, 0),
    accounts: new Set(roleArns.map(accountOf)).size,
    setByCli: holders.length - setBySso,
    setBySso,
    forced: countOf('forced'),
    expiringSoon: countOf('expiring'),
    neverLoggedIn,
    loggedIn: holders.length - neverLoggedIn,
    recentChanges: tally.recentChanges,
  }
}
