import type { Instant } from '../../clock.ts'
import { eventActions } from '../event.ts'
import type { EventFilter, EventLog, Evidence } from '../event-log.ts'
import { accountOf, type HoldingList } from '../holdings.ts'
import type { KnownPeople } from '../people.ts'
import { verifyChain } from '../verify-chain.ts'
import { verifyState } from '../verify-state.ts'
import { collectPeople, type People } from './collect-people.ts'
import { daysFrom } from './days-from.ts'
import { findAll, type Marks } from './find.ts'
import { LogTally } from './log-tally.ts'
import {
  type Figures,
  type FindingId,
  MOST_EVENTS,
  MOST_PEOPLE,
  type ReportData,
  type ReportedStore,
  SOON,
  TIMELINE,
} from './report-data.ts'

/** What a report is made from. */
export interface ReportSources extends HoldingList, KnownPeople, EventLog {
  /** Without a password. */
  readonly location: string
}

export interface ReportRequest {
  readonly title: string
  readonly now: Instant
  /** Where it is made. */
  readonly host: string
  /** Of this program. */
  readonly version: string
}

/** How far it is. */
export interface ReportProgress {
  readonly doing: string
  /** How many of them; `null` where they are not counted. */
  readonly done: number | null
}

type Tell = (progress: ReportProgress) => void

/** Reads the whole store once. The people are kept in memory, the log is walked. */
export async function gatherReport(sources: ReportSources, request: ReportRequest, tell: Tell): Promise<ReportData> {
  const { now } = request
  const head = (await sources.logHead())?.id ?? 0
  tell({ doing: 'reading who has which roles', done: null })
  const people = await collectPeople(sources, now)
  const tally = new LogTally(daysFrom(now, 1 - TIMELINE), daysFrom(now, -SOON), now)
  const proof = await sources.evidence((evidence) => prove(evidence, tally, tell))
  tell({ doing: 'asking this host who has an account', done: null })
  const { marks, findings } = await findAll(sources, people, tally.forced, now)
  return {
    title: request.title,
    madeAt: now,
    host: request.host,
    version: request.version,
    store: { location: sources.location, events: tally.events, meanwhile: Math.max(0, tally.newest - head), ...proof },
    figures: figuresOf(people, marks, tally),
    findings,
    roleArns: people.roleArns,
    people: people.holders
      .slice(0, MOST_PEOPLE)
      .map((person) => ({ ...person, findings: marks.get(person.username) ?? [] })),
    days: tally.days(),
    newest: await collect(sources.events(newestOfPeople)),
  }
}

async function prove(
  evidence: Evidence,
  tally: LogTally,
  tell: Tell,
): Promise<Pick<ReportedStore, 'headHash' | 'broken' | 'differs'>> {
  const { headHash, broken } = await verifyChain(counted(tally.watch(evidence.eventRows()), 'reading the log', tell))
  tell({ doing: 'comparing what is assigned with the log', done: null })
  const differs = broken === null ? (await verifyState(evidence)).differs : null
  return { headHash, broken, differs }
}

async function* counted<T>(batches: AsyncIterable<readonly T[]>, doing: string, tell: Tell) {
  let done = 0
  for await (const batch of batches) {
    done += batch.length
    tell({ doing, done })
    yield batch
  }
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

function figuresOf({ holders, roleArns }: People, marks: Marks, tally: LogTally): Figures {
  const countOf = (mark: FindingId) => holders.filter(({ username }) => marks.get(username)?.includes(mark)).length
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
