import type { ReportedPerson } from '../report-data.ts'
import type { PersonColumn } from '../view/people-table.ts'
import { shownRole } from '../view/role-name.ts'
import type { HeldRole, RoleColumn } from '../view/roles-table.ts'

type Value = string | number

const personValues: Readonly<Record<PersonColumn, (person: ReportedPerson) => Value>> = {
  user: ({ username }) => username,
  roles: ({ roles }) => roles.length,
  source: ({ source }) => source,
  set: ({ setAt }) => setAt,
  by: ({ setBy }) => setBy,
  // What never ends comes last, who never came first.
  ends: ({ expiresAt }) => expiresAt ?? '~',
  login: ({ lastSsoLogin }) => lastSsoLogin ?? '',
}

const roleValues: Readonly<Record<RoleColumn, (role: HeldRole) => Value>> = {
  role: ({ arn }) => shownRole(arn).name,
  account: ({ arn }) => shownRole(arn).account,
  holders: ({ holders }) => holders.length,
  cli: ({ cli }) => cli,
  sso: ({ sso }) => sso,
}

/** Those that are equal stay in the order in which they came. */
export function sortPeople(people: readonly ReportedPerson[], sort: string): readonly ReportedPerson[] {
  return sorted(people, sort, personValues, 'user')
}

export function sortRoles(roles: readonly HeldRole[], sort: string): readonly HeldRole[] {
  return sorted(roles, sort, roleValues, 'role')
}

/** A column that this table does not have sorts by `otherwise`. */
function sorted<T>(
  items: readonly T[],
  sort: string,
  values: Readonly<Record<string, (item: T) => Value>>,
  otherwise: string,
): readonly T[] {
  const isDown = sort.startsWith('-')
  const keyOf = values[sort.replace(/^-/, '')] ?? values[otherwise]
  if (keyOf === undefined) return items
  return items.toSorted((one, other) => compare(keyOf(one), keyOf(other)) * (isDown ? -1 : 1))
}

function compare(one: Value, other: Value): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
