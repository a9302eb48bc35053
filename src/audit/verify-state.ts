import { quote } from '../iam/quote.ts'
import type { AssignedPerson } from './assigned-people.ts'
import type { EventState } from './event.ts'
import type { EventLog, EventRange } from './event-log.ts'
import { parseEventState } from './event-state.ts'
import { accountOf } from './holdings.ts'

/** The last event that changed what somebody is assigned. */
export interface LastChange {
  readonly id: number
  readonly username: string
  readonly at: string
  readonly actor: string
  /** As the row holds it. */
  readonly after: string | null
}

/** A role of which an event tells, by the table of `audit log --role`. */
export interface EventRole {
  readonly eventId: number
  readonly roleArn: string
}

export interface RoleAccount {
  readonly roleArn: string
  readonly accountId: string
}

/** What must agree with the log. People are sorted by the code points of their names. */
export interface StateEvidence {
  /** What is assigned, expired or not. */
  assignments(): AsyncIterable<readonly AssignedPerson[]>
  lastChanges(): AsyncIterable<readonly LastChange[]>
  eventRoles(range: EventRange): Promise<readonly EventRole[]>
  countEventRoles(): Promise<number>
  /** The account of each role, by which filters find it. */
  roleAccounts(): Promise<readonly RoleAccount[]>
}

export interface StateComparison {
  /** How many people were found to be assigned what the log tells. */
  readonly assignments: number
  /** The first difference: of a person, or of an event's roles. */
  readonly differs: StateDifference | null
}

export interface StateDifference {
  readonly username: string | null
  readonly event: number | null
  readonly problem: string
}

/** Compares what is assigned, and which events tell of which role, with the log, which must be sound. */
export async function verifyState(evidence: StateEvidence & Pick<EventLog, 'eventRows'>): Promise<StateComparison> {
  const people = await comparePeople(evidence)
  if (people.differs !== null) return people
  return { ...people, differs: (await compareAccounts(evidence)) ?? (await compareEventRoles(evidence)) }
}

async function comparePeople(evidence: StateEvidence): Promise<StateComparison> {
  let assignments = 0
  for await (const [assigned, change] of paired(each(evidence.assignments()), each(evidence.lastChanges()))) {
    const problem = differenceOf(assigned, change)
    const username = assigned?.username ?? change?.username ?? null
    if (problem !== null) return { assignments, differs: { username, event: change?.id ?? null, problem } }
    if (assigned !== null) assignments += 1
  }
  return { assignments, differs: null }
}

function differenceOf(assigned: AssignedPerson | null, change: LastChange | null): string | null {
  const told = parseEventState(change?.after ?? null)
  const [is, should] = [describe(assigned), describe(told)]
  if (is !== should) return `the store holds ${is}, the log tells ${should}`
  if (assigned === null || change === null) return null
  if (assigned.setAt !== change.at) return `set at ${quote(assigned.setAt)} by the store, ${change.at} by the log`
  if (assigned.setBy === change.actor) return null
  return `set by ${quote(assigned.setBy)} by the store, ${quote(change.actor)} by the log`
}

function describe(state: EventState | null): string {
  if (state === null) return 'no assignment'
  const until = state.expiresAt === null ? '' : ` until ${state.expiresAt}`
  return `${state.source}:${state.roleArns.join(',') || 'no roles'}${until}`
}

/** Two sorted streams side by side. */
async function* paired(
  people: AsyncIterator<AssignedPerson>,
  changes: AsyncIterator<LastChange>,
): AsyncGenerator<readonly [AssignedPerson | null, LastChange | null]> {
  let [person, change] = [await nextOf(people), await nextOf(changes)]
  while (person !== null || change !== null) {
    const order = compareNames(person, change)
    yield [order <= 0 ? person : null, order >= 0 ? change : null]
    if (order <= 0) person = await nextOf(people)
    if (order >= 0) change = await nextOf(changes)
  }
}

/** Where one has ended, the other comes first. */
function compareNames(person: AssignedPerson | null, change: LastChange | null): number {
  if (person === null) return 1
  if (change === null || person.username === change.username) return change === null ? -1 : 0
  // UTF-8 sorts as code points do.
  return Buffer.compare(Buffer.from(person.username), Buffer.from(change.username))
}

async function nextOf<T>(items: AsyncIterator<T>): Promise<T | null> {
  const { done, value } = await items.next()
  return done === true ? null : value
}

async function* each<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const batch of batches) yield* batch
}

async function compareAccounts(evidence: StateEvidence): Promise<StateDifference | null> {
  const roles = await evidence.roleAccounts()
  const wrong = roles.find(({ roleArn, accountId }) => accountOf(roleArn) !== accountId)
  if (wrong === undefined) return null
  const problem = `filters find the role ${quote(wrong.roleArn)} in the account ${quote(wrong.accountId)}`
  return { username: null, event: null, problem }
}

async function compareEventRoles(
  evidence: StateEvidence & Pick<EventLog, 'eventRows'>,
): Promise<StateDifference | null> {
  let seen = 0
  for await (const { range, told } of stretches(evidence.eventRows())) {
    const found = rolesById(await evidence.eventRoles(range))
    for (const [id, roles] of told) {
      const indexed = found.get(id) ?? NO_ROLES
      if (!isSame(roles, indexed)) return rolesDiffer(id, roles, indexed)
      seen += indexed.size
    }
  }
  const all = await evidence.countEventRoles()
  if (all === seen) return null
  const problem = `the roles of events have ${all} entries, the log tells of ${seen}`
  return { username: null, event: null, problem }
}

const NO_ROLES: ReadonlySet<string> = new Set()

/** Events at a time: the table of their roles is sorted by role, and each stretch looks once at each role. */
const STRETCH = 25_000

interface Stretch {
  readonly range: EventRange
  /** The roles of which each event tells. */
  readonly told: ReadonlyMap<number, ReadonlySet<string>>
}

async function* stretches(batches: ReturnType<EventLog['eventRows']>): AsyncGenerator<Stretch> {
  let [after, upTo] = [0, 0]
  let told = new Map<number, ReadonlySet<string>>()
  for await (const rows of batches) {
    for (const { id, before, after: next } of rows) {
      told.set(id, new Set([before, next].flatMap((text) => parseEventState(text)?.roleArns ?? [])))
      upTo = id
    }
    if (told.size < STRETCH) continue
    yield { range: { after, upTo }, told }
    after = upTo
    told = new Map()
  }
  yield { range: { after, upTo }, told }
}

function rolesById(roles: readonly EventRole[]): ReadonlyMap<number, ReadonlySet<string>> {
  const byId = new Map<number, Set<string>>()
  for (const { eventId, roleArn } of roles) {
    const known = byId.get(eventId)
    if (known === undefined) byId.set(eventId, new Set([roleArn]))
    else known.add(roleArn)
  }
  return byId
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((item) => other.has(item))
}

function rolesDiffer(event: number, told: ReadonlySet<string>, indexed: ReadonlySet<string>): StateDifference {
  const words = (roles: ReadonlySet<string>) => [...roles].sort().join(',') || 'no roles'
  const problem = `audit log --role finds it by ${words(indexed)}, the event itself tells of ${words(told)}`
  return { username: null, event, problem }
}
