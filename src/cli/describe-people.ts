import type { AssignedPerson } from '../audit/assigned-people.ts'
import type { Column } from './formats.ts'

/** A line of the small audits, under the names that scripts rely on. */
export interface PersonRow {
  readonly username: string
  readonly source: string
  readonly role_arns: readonly string[]
  readonly set_at: string
  readonly set_by: string
}

export interface NeverUsedRow extends PersonRow {
  readonly last_sso_login: string | null
}

export interface ExpiringRow extends PersonRow {
  readonly expires_at: string | null
}

type People = AsyncIterable<readonly AssignedPerson[]>

export async function* neverUsedRows(people: People): AsyncGenerator<readonly NeverUsedRow[]> {
  for await (const batch of people) {
    yield batch.map((person) => ({ ...toRow(person), last_sso_login: person.lastSsoLogin }))
  }
}

export async function* expiringRows(people: People): AsyncGenerator<readonly ExpiringRow[]> {
  for await (const batch of people) yield batch.map((person) => ({ ...toRow(person), expires_at: person.expiresAt }))
}

const who: readonly Column<PersonRow>[] = [
  { name: 'username', cell: ({ username }) => username },
  { name: 'source', cell: ({ source }) => source },
  { name: 'role_arns', cell: (row) => row.role_arns.join(',') },
]

const set: readonly Column<PersonRow>[] = [
  { name: 'set_at', cell: (row) => row.set_at },
  { name: 'set_by', cell: (row) => row.set_by },
]

export const neverUsedColumns: readonly Column<NeverUsedRow>[] = [
  ...who,
  ...set,
  { name: 'last_sso_login', cell: (row) => row.last_sso_login ?? '' },
]

export const expiringColumns: readonly Column<ExpiringRow>[] = [
  ...who,
  ...set,
  { name: 'expires_at', cell: (row) => row.expires_at ?? '' },
]

function toRow({ username, source, roleArns, setAt, setBy }: AssignedPerson): PersonRow {
  return { username, source, role_arns: roleArns, set_at: setAt, set_by: setBy }
}
