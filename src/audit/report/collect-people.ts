import type { Instant } from '../../clock.ts'
import type { HoldingFilter, HoldingList } from '../holdings.ts'
import type { KnownPeople } from '../people.ts'
import type { ReportedPerson } from './report-data.ts'

/** A person with roles; what was found about them is not known yet. */
export type Holder = Omit<ReportedPerson, 'findings'>

export interface People {
  /** Sorted by name. */
  readonly holders: readonly Holder[]
  /** The roles that they hold, sorted. */
  readonly roleArns: readonly string[]
  /** Subjects that more than one person has, each with these. */
  readonly shared: readonly (readonly [subject: string, usernames: readonly string[]])[]
  /** Whose assignment has run out, but still stands in the store. */
  readonly expired: readonly { readonly username: string; readonly at: string }[]
}

const everything: HoldingFilter = { users: [], roles: [], accounts: [], sources: [] }

export async function collectPeople(store: HoldingList & KnownPeople, now: Instant): Promise<People> {
  const roles = new Dictionary()
  const holders = new Map<string, Holder>()
  for await (const batch of store.holdings(everything, { kind: 'now', at: now })) {
    for (const { roleArns, ...holding } of batch) {
      const unknown = { subject: null, roleSessionName: null, lastSsoLogin: null }
      holders.set(holding.username, { ...holding, ...unknown, roles: roleArns.map((arn) => roles.indexOf(arn)) })
    }
  }
  const others = await addLogins(store, holders, now)
  const { sorted, places } = roles.sort()
  const renumbered = [...holders.values()].map((person) => ({
    ...person,
    roles: person.roles.map((role) => places[role] ?? 0),
  }))
  return { holders: renumbered, roleArns: sorted, ...others }
}

async function addLogins(
  store: KnownPeople,
  holders: Map<string, Holder>,
  now: Instant,
): Promise<Pick<People, 'shared' | 'expired'>> {
  const expired: { username: string; at: string }[] = []
  const subjects = new Map<string, string[]>()
  for await (const batch of store.people()) {
    for (const { username, subject, roleSessionName, lastSsoLogin, expiresAt } of batch) {
      const holder = holders.get(username)
      if (holder !== undefined) holders.set(username, { ...holder, subject, roleSessionName, lastSsoLogin })
      else if (expiresAt !== null && expiresAt <= now) expired.push({ username, at: expiresAt })
      if (subject !== null) subjects.set(subject, [...(subjects.get(subject) ?? []), username])
    }
  }
  return { shared: [...subjects].filter(([, usernames]) => usernames.length > 1), expired }
}

/** Texts by number, each once. */
class Dictionary {
  readonly #numbers = new Map<string, number>()

  indexOf(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#numbers.set(text, this.#numbers.size)
    return this.#numbers.size - 1
  }

  /** The texts in order, and for each number so far its place there. */
  sort(): { readonly sorted: readonly string[]; readonly places: readonly number[] } {
    const texts = [...this.#numbers.keys()]
    const sorted = texts.toSorted()
    const places = new Map(sorted.map((text, place) => [text, place]))
    return { sorted, places: texts.map((text) => places.get(text) ?? 0) }
  }
}
