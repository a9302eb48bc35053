import { type FindingId, findingIds, type ReportedPerson } from './report-data.ts'

/** What the page's script works on. */
export interface PageData {
  readonly roleArns: readonly string[]
  readonly people: PackedPeople
  /** How many have roles; those who are not among `people` come after them by name. */
  readonly total: number
}

/** People as the page carries them: no names of fields, and who set the roles only once. */
export interface PackedPeople {
  readonly setters: readonly string[]
  readonly rows: readonly PackedPerson[]
}

type PackedPerson = readonly [
  username: string,
  isSso: 0 | 1,
  roles: readonly number[],
  setAt: string,
  setter: number,
  expiresAt: string | 0,
  subject: string | 0,
  roleSessionName: string | 0,
  lastSsoLogin: string | 0,
  findings: readonly number[] | 0,
]

export function packPeople(people: readonly ReportedPerson[]): PackedPeople {
  const setters = [...new Set(people.map(({ setBy }) => setBy))]
  const numbers = new Map(setters.map((name, number) => [name, number]))
  const rows = people.map(
    (person): PackedPerson => [
      person.username,
      person.source === 'sso' ? 1 : 0,
      person.roles,
      person.setAt,
      numbers.get(person.setBy) ?? 0,
      person.expiresAt ?? 0,
      person.subject ?? 0,
      person.roleSessionName ?? 0,
      person.lastSsoLogin ?? 0,
      person.findings.length === 0 ? 0 : person.findings.map((id) => findingIds.indexOf(id)),
    ],
  )
  return { setters, rows }
}

export function unpackPeople({ setters, rows }: PackedPeople): readonly ReportedPerson[] {
  return rows.map(([username, isSso, roles, setAt, setter, ...others]) => {
    const [expiresAt, subject, roleSessionName, lastSsoLogin, findings] = others
    return {
      username,
      source: isSso === 1 ? 'sso' : 'cli',
      roles,
      setAt,
      setBy: setters[setter] ?? '',
      expiresAt: expiresAt || null,
      subject: subject || null,
      roleSessionName: roleSessionName || null,
      lastSsoLogin: lastSsoLogin || null,
      findings: findings === 0 ? [] : findings.flatMap((index): FindingId[] => findingIds.slice(index, index + 1)),
    }
  })
}
