import type { ReportedPerson } from '../report-data.ts'
import type { HeldRole } from './roles-table.ts'

/** The roles of these people with their holders, in the order of the dictionary; only those that `isWanted`. */
export function heldRoles(
  people: readonly ReportedPerson[],
  roleArns: readonly string[],
  isWanted: (person: ReportedPerson, role: number) => boolean = () => true,
): readonly HeldRole[] {
  const holders = roleArns.map((): ReportedPerson[] => [])
  for (const person of people) {
    for (const role of person.roles) if (isWanted(person, role)) holders[role]?.push(person)
  }
  return roleArns
    .map((arn, index) => toHeldRole(arn, index, holders[index] ?? []))
    .filter((role) => role.holders.length > 0)
}

function toHeldRole(arn: string, index: number, people: readonly ReportedPerson[]): HeldRole {
  const sso = people.filter(({ source }) => source === 'sso').length
  return { arn, index, holders: people.map(({ username }) => username), cli: people.length - sso, sso }
}
