import { decide } from '../../src/assignments/decide.ts'
import { inTransaction } from '../../src/assignments/in-transaction.ts'
import { setRoleArns } from '../../src/assignments/set.ts'
import { newEvent, readForChange, takeStep } from '../../src/assignments/step.ts'
import { unsetRoleArns } from '../../src/assignments/unset.ts'
import { parseUsername } from '../../src/assignments/username.ts'
import type { Clock, Instant } from '../../src/clock.ts'
import { AdminError } from '../../src/errors.ts'
import type { RoleArn } from '../../src/iam/role-arn.ts'
import { judgeLogin } from '../../src/sso/judge-login.ts'
import { parseStoreLocation } from '../../src/store/location.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { numbersFrom, type Operation, type Performed, randomOperation } from './operations.ts'

/**
 * A process that does random things to a store through the use-cases, and prints what it did and when: the clock is
 * asked inside the transaction, so the machine's own clock gives the order in which transactions were let in, across
 * processes.
 *
 * Arguments: the URL of the store, a seed, how many.
 */
const [url = '', seed = '', count = ''] = process.argv.slice(2)
const location = await parseStoreLocation(url, {}, async () => '')
const store = await openStore(location, 'write')
const random = numbersFrom(Number(seed))
const performed: Performed[] = []
for (let index = 0; index < Number(count); index += 1) performed.push(await perform(store, randomOperation(random)))
await store.close()
process.stdout.write(JSON.stringify(performed))

async function perform(target: Store, operation: Operation): Promise<Performed> {
  let stamp = 0n
  const clock: Clock = () => {
    stamp = process.hrtime.bigint()
    return operation.now as Instant
  }
  const outcome = await outcomeOf(() => run(target, operation, clock))
  return { stamp: String(stamp), operation, outcome }
}

async function outcomeOf(work: () => Promise<string>): Promise<string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AdminError) return error.code
    throw error
  }
}

async function run(target: Store, operation: Operation, clock: Clock): Promise<string> {
  const actor = { name: 'root', uid: 0, host: 'here' }
  const request = { actor, clock, reason: null, isDryRun: false }
  const roleArns = operation.roleArns as readonly RoleArn[]
  const [first = ''] = operation.usernames
  const username = parseUsername(first)
  if (operation.kind === 'unset') return (await unsetRoleArns(target, { ...request, username })).outcome
  if (operation.kind === 'set') {
    const expiresAt = operation.expiresAt as Instant | null
    return (await setRoleArns(target, { ...request, username, roleArns, expiresAt, force: operation.force })).outcome
  }
  return operation.kind === 'login' ? login(target, operation, request) : setMany(target, operation, request)
}

type Request = Parameters<typeof inTransaction>[1] & Omit<Parameters<typeof newEvent>[1], 'now' | 'at'>

/** As `applyClaims`, but for the token. */
function login(target: Store, operation: Operation, request: Request): Promise<string> {
  const username = parseUsername(operation.usernames[0] ?? '')
  const roleArns = operation.isClaimed ? (operation.roleArns as readonly RoleArn[]) : null
  const issuedAt = operation.issuedAt as Instant
  return inTransaction(target, request, async (transaction, times) => {
    const context = { ...request, ...times }
    const user = await readForChange(transaction, username, context)
    const { result, decision } = judgeLogin(user, { roleArns, roleSessionName: null, duplicates: [] }, issuedAt)
    const after = decision.kind === 'step' ? decision.next : user.assignment
    await takeStep(transaction, username, context, { action: 'sso-login', before: user.assignment, after })
    await transaction.putLogin(username, {
      subject: username,
      roleSessionName: null,
      tokenIssuedAt: issuedAt,
      at: times.at,
    })
    return result.outcome
  })
}

/** As an import does: many read at once, decided one by one, put at once. */
function setMany(target: Store, operation: Operation, request: Request): Promise<string> {
  const usernames = operation.usernames.map(parseUsername)
  const change = {
    kind: 'set',
    roleArns: operation.roleArns as readonly RoleArn[],
    expiresAt: null,
    force: false,
  } as const
  return inTransaction(target, request, async (transaction, times) => {
    const users = await transaction.findUsers(usernames)
    const steps = usernames.flatMap((username) => {
      const before = users.get(username)?.assignment ?? null
      const decision = decide(before, change)
      if (decision.kind !== 'step') return []
      const event = newEvent(username, { ...request, ...times }, { action: 'set', before, after: decision.next })
      return [{ username, next: decision.next, event }]
    })
    await transaction.putSteps(steps)
    return `${steps.length} steps`
  })
}
