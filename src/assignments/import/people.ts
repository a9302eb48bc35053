import type { Instant } from '../../clock.ts'
import { quote } from '../../iam/quote.ts'
import type { RoleArn } from '../../iam/role-arn.ts'
import { MOST_ROLES } from '../../iam/role-arn-list.ts'
import type { Username } from '../username.ts'
import type { EntryBlock } from './entries.ts'
import { badLine, type Entry, type Findings } from './entry.ts'
import { crossing } from './role-arn-checks.ts'

/** What the file says of one person. */
export interface Person {
  readonly username: Username
  /** Of the first line about them. */
  readonly line: number
  readonly roleArns: readonly RoleArn[]
  /** `undefined` where the file says nothing of it. */
  readonly expiresAt: Instant | null | undefined
}

export interface PeopleBlock extends Omit<EntryBlock, 'entries'> {
  readonly people: readonly Person[]
}

interface Growing extends Person {
  readonly roleArns: RoleArn[]
}

/**
 * Gathers lines about one person that follow each other: their roles in order of first appearance. What does not fit
 * together goes to the findings.
 */
export function* gatherPeople(blocks: Iterable<EntryBlock>, findings: Findings): Generator<PeopleBlock> {
  let current: Growing | null = null
  for (const { entries, ...read } of blocks) {
    const people: Person[] = []
    for (const entry of entries) {
      if (current?.username === entry.username) add(current, entry, findings)
      else {
        if (current !== null) people.push(current)
        current = { ...entry, roleArns: [...entry.roleArns] }
      }
    }
    yield { people, ...read }
  }
  if (current !== null) yield { people: [current], lines: 0, part: 1 }
}

/** A line of JSON Lines is all that is said of somebody; in CSV each line adds a role. */
function add(growing: Growing, entry: Entry, findings: Findings): void {
  const [arn] = entry.roleArns
  if (entry.isWhole || arn === undefined) {
    findings.bad.push(
      badLine(entry.line, `${quote(entry.username)} stands on line ${growing.line} already`, entry.username),
    )
  } else if (growing.roleArns.includes(arn)) {
    findings.duplicates += 1
  } else {
    const problem = joinProblem(growing.roleArns, arn)
    if (problem === null) growing.roleArns.push(arn)
    else findings.bad.push(badLine(entry.line, problem, entry.username))
  }
}

function joinProblem(roleArns: readonly RoleArn[], arn: RoleArn): string | null {
  if (roleArns.length === MOST_ROLES)
    return `role ${MOST_ROLES + 1} of this user, at most ${MOST_ROLES} are allowed: ${quote(arn)}`
  return crossing(roleArns[0], arn)
}
