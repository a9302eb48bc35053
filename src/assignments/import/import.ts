import type { Instant } from '../../clock.ts'
import { AdminError } from '../../errors.ts'
import { quote } from '../../iam/quote.ts'
import type { Assignment } from '../assignment.ts'
import type { AssignmentStore, AssignmentTransaction, DecidedStep, UserRecord } from '../assignment-store.ts'
import { decide } from '../decide.ts'
import { inTransaction } from '../in-transaction.ts'
import { expiryStep, newEvent, type StepContext, type StepRequest } from '../step.ts'
import type { Username } from '../username.ts'
import { type InvalidLine, ownName } from './entry.ts'
import type { PeopleBlock, Person } from './people.ts'
import { toInvalidLines } from './refuse-import.ts'
import { progressCounter, type Survey, type Watch } from './survey.ts'

export interface ImportRequest extends StepRequest, Watch {
  readonly survey: Survey
  /** Users whose roles were set here and who are not in the file lose them. */
  readonly isPruning: boolean
  /** Decide and answer, write nothing. */
  readonly isDryRun: boolean
}

export interface ImportResult {
  readonly created: number
  readonly replaced: number
  readonly unchanged: number
  readonly removed: number
  readonly skipped: readonly SkippedUser[]
  readonly invalid: readonly InvalidLine[]
}

export interface SkippedUser {
  readonly username: Username
  readonly reason: string
}

export interface ImportOutcome {
  readonly result: ImportResult
  /** The first who lose all their roles, sorted; at most {@link MOST_NAMED} of `removed`. */
  readonly losers: readonly Username[]
}

const MOST_NAMED = 20

/** Grows while the file is followed. */
interface Tally {
  created: number
  replaced: number
  unchanged: number
  removed: number
  readonly skipped: SkippedUser[]
}

interface Importing {
  readonly transaction: AssignmentTransaction
  readonly context: StepContext
  readonly details: { readonly import: string }
  readonly tally: Tally
  readonly losers: Username[]
}

/**
 * Follows a file that was surveyed: all of it in one transaction, or nothing. What single sign-on governs is skipped.
 * Where the file says nothing of the end of an assignment, the end stays as it is: no import lengthens it unasked.
 *
 * @throws AdminError REFUSED_INTERRUPTED; INVALID_IMPORT where the file has changed since
 */
export async function importRoleArns(store: AssignmentStore, request: ImportRequest): Promise<ImportOutcome> {
  const { survey, isPruning } = request
  return inTransaction(store, request, async (transaction, times) => {
    const tally = { created: 0, replaced: 0, unchanged: 0, removed: 0, skipped: [] }
    const losers: Username[] = []
    const context = { ...request, ...times }
    const importing = { transaction, context, details: { import: survey.fileName }, tally, losers }
    const counter = progressCounter(request, 'importing')
    for (const block of survey.blocks()) {
      await importBlock(importing, block)
      if (isPruning) await transaction.noteNamed(block.people.map(({ username }) => username))
      await counter.count(block.lines, block.part)
    }
    if (isPruning) await prune(importing, survey, () => counter.count(0, 1))
    return { result: { ...tally, invalid: toInvalidLines(survey.bad) }, losers }
  })
}

async function importBlock(importing: Importing, { people }: PeopleBlock): Promise<void> {
  const users = await importing.transaction.findUsers(people.map(({ username }) => username))
  const steps: DecidedStep[] = []
  for (const person of people) {
    const { username } = person
    decidePerson(importing, person, users.get(username) ?? { username, assignment: null, login: null }, steps)
  }
  if (steps.length > 0) await importing.transaction.putSteps(steps)
}

function decidePerson({ context, details, tally }: Importing, person: Person, user: UserRecord, steps: DecidedStep[]) {
  const { username, roleArns } = person
  const end = expiryStep(user, context)
  if (end !== null) steps.push(end)
  const current = end === null ? user.assignment : null
  const expiresAt = endFor(person, current, context.now)
  const decision = decide(current, { kind: 'set', roleArns, expiresAt, force: false })
  if (decision.kind === 'refused') tally.skipped.push({ username: ownName(username), reason: SSO_GOVERNS })
  else if (decision.kind === 'stay') tally.unchanged += 1
  else {
    const step = { action: 'set', before: current, after: decision.next, details } as const
    steps.push({ username, next: decision.next, event: newEvent(username, context, step) })
    if (current === null) tally.created += 1
    else tally.replaced += 1
  }
}

const SSO_GOVERNS = 'single sign-on governs the roles of this user'

/** Reading the file takes time, and that may have been all there was. */
function endFor({ username, line, expiresAt }: Person, current: Assignment | null, now: Instant): Instant | null {
  if (expiresAt === undefined) return current?.expiresAt ?? null
  if (expiresAt === null || expiresAt > now) return expiresAt
  throw new AdminError(
    'INVALID_IMPORT',
    `line ${line}: the end of the assignment of ${quote(username)}, ${expiresAt}, has passed meanwhile: now is ${now}`,
  )
}

async function prune(importing: Importing, survey: Survey, pause: () => Promise<void>): Promise<void> {
  const { transaction } = importing
  await transaction.noteNamed(survey.bad.flatMap(({ username }) => (username === null ? [] : [username])))
  for await (const users of transaction.unnamedCliUsers()) {
    const steps = users.flatMap((user) => pruneStep(importing, user) ?? [])
    if (steps.length > 0) await transaction.putSteps(steps)
    await pause()
  }
}

/** What has run out is ended as such: nobody takes it away. */
function pruneStep({ context, details, tally, losers }: Importing, user: UserRecord): DecidedStep | null {
  const end = expiryStep(user, context)
  if (end !== null) return end
  const decision = decide(user.assignment, { kind: 'unset' })
  if (decision.kind !== 'step') return null
  tally.removed += 1
  if (losers.length < MOST_NAMED) losers.push(ownName(user.username))
  const step = { action: 'unset', before: user.assignment, after: decision.next, details } as const
  return { username: user.username, next: decision.next, event: newEvent(user.username, context, step) }
}
