import type { Instant } from '../../clock.ts'
import { AdminError } from '../../errors.ts'
import type { KnownPeople } from '../people.ts'
import { type AccountState, systemAccounts } from '../system-accounts.ts'
import type { Holder, People } from './collect-people.ts'
import { daysFrom } from './days-from.ts'
import type { Forcing } from './log-tally.ts'
import {
  type Finding,
  type FindingId,
  type FindingItem,
  findingIds,
  LATELY,
  MANY_ROLES,
  MOST_ITEMS,
  SOON,
} from './report-data.ts'

export type Marks = ReadonlyMap<string, readonly FindingId[]>
type Forced = ReadonlyMap<string, Forcing>

export interface Found {
  /** What was found about each person with roles, where there is something. */
  readonly marks: Marks
  /** Every finding, also those of which there is none, unless nobody can tell. */
  readonly findings: readonly Finding[]
}

/** Looks at everybody with roles, and asks this host who has an account. */
export async function findAll(store: KnownPeople, people: People, forced: Forced, now: Instant): Promise<Found> {
  const accounts = await accountsOf(people.holders)
  const marks = marksOf(people, forced, accounts, now)
  const marked = (id: FindingId) => people.holders.filter(({ username }) => marks.get(username)?.includes(id))
  const items: Readonly<Record<FindingId, readonly FindingItem[]>> = {
    expiring: soonestFirst(marked('expiring')),
    expired: people.expired.map(({ username, at }) => ({ name: username, note: `ended ${day(at)}` })),
    forced: marked('forced').map(({ username }) => ({ name: username, note: describe(forced.get(username)) })),
    'no-account': marked('no-account').map(sinceSet),
    'shared-subject': people.shared.flatMap(sharers),
    'never-logged-in': marked('never-logged-in').map(sinceSet),
    'not-lately': longestAgoFirst(marked('not-lately'), now),
    'many-roles': mostFirst(marked('many-roles')),
    'unheld-role': (await unheld(store, people)).map((name) => ({ name, note: '' })),
  }
  const unknown = [...(accounts?.values() ?? [])].filter((state) => state === 'unknown').length
  const findings = findingIds
    .filter((id) => id !== 'no-account' || accounts !== null)
    .map((id) => toFinding(id, items[id], id === 'no-account' ? unknown : 0))
  return { marks, findings }
}

type Accounts = ReadonlyMap<string, AccountState>

/** `null` where this host cannot be asked. */
async function accountsOf(holders: readonly Holder[]): Promise<Accounts | null> {
  try {
    return await systemAccounts(holders.map(({ username }) => username))
  } catch (error) {
    if (error instanceof AdminError && error.code === 'UNAVAILABLE_ACCOUNTS') return null
    throw error
  }
}

function marksOf(people: People, forced: Forced, accounts: Accounts | null, now: Instant): Marks {
  const soon = daysFrom(now, SOON)
  const lately = daysFrom(now, -LATELY)
  const sharing = new Set(people.shared.flatMap(([, usernames]) => usernames))
  const tests: Partial<Record<FindingId, (person: Holder) => boolean>> = {
    expiring: ({ expiresAt }) => expiresAt !== null && expiresAt <= soon,
    forced: ({ username, source }) => source === 'cli' && forced.has(username),
    'no-account': ({ username }) => accounts?.get(username) === 'gone',
    'shared-subject': ({ username }) => sharing.has(username),
    'never-logged-in': ({ lastSsoLogin }) => lastSsoLogin === null,
    'not-lately': ({ lastSsoLogin }) => lastSsoLogin !== null && lastSsoLogin < lately,
    'many-roles': ({ roles }) => roles.length > MANY_ROLES,
  }
  const found = people.holders.map(
    (person) => [person.username, findingIds.filter((id) => tests[id]?.(person))] as const,
  )
  return new Map(found.filter(([, ids]) => ids.length > 0))
}

function toFinding(id: FindingId, items: readonly FindingItem[], unknown: number): Finding {
  return { id, total: items.length, unknown, items: items.slice(0, MOST_ITEMS) }
}

function sinceSet({ username, setAt }: Holder): FindingItem {
  return { name: username, note: `set ${day(setAt)}` }
}

function soonestFirst(people: readonly Holder[]): readonly FindingItem[] {
  const ending = people.map(({ username, expiresAt }) => ({ username, at: expiresAt ?? '' }))
  return sortedBy(ending, ({ at }) => at).map(({ username, at }) => ({ name: username, note: day(at) }))
}

function longestAgoFirst(people: readonly Holder[], now: Instant): readonly FindingItem[] {
  const absent = people.map(({ username, lastSsoLogin }) => ({ username, at: lastSsoLogin ?? '' }))
  return sortedBy(absent, ({ at }) => at).map(({ username, at }) => {
    const days = Math.floor((Date.parse(now) - Date.parse(at)) / 86_400_000)
    return { name: username, note: Number.isNaN(days) ? at : `${days} days` }
  })
}

function mostFirst(people: readonly Holder[]): readonly FindingItem[] {
  return sortedBy(people, ({ roles }) => -roles.length).map(({ username, roles }) => ({
    name: username,
    note: `${roles.length} roles`,
  }))
}

function sortedBy<T>(items: readonly T[], keyOf: (item: T) => string | number): readonly T[] {
  return items.toSorted((one, other) => {
    const [first, second] = [keyOf(one), keyOf(other)]
    if (first === second) return 0
    return first < second ? -1 : 1
  })
}

function sharers([subject, usernames]: readonly [string, readonly string[]]): readonly FindingItem[] {
  return usernames.map((name) => ({ name, note: `subject ${subject}` }))
}

async function unheld(store: KnownPeople, { roleArns }: People): Promise<readonly string[]> {
  const held = new Set(roleArns)
  const others: string[] = []
  for await (const batch of store.seenRoles()) others.push(...batch.filter((arn) => !held.has(arn)))
  return others
}

function describe(forcing: Forcing | undefined): string {
  return forcing === undefined ? '' : `by ${forcing.by}, ${day(forcing.at)}`
}

function day(moment: string): string {
  return moment.slice(0, 10)
}
