import type { AssignmentStore } from '../../src/assignments/assignment-store.ts'
import { setRoleArns } from '../../src/assignments/set.ts'
import { newEvent, readForChange, type StepContext, takeStep } from '../../src/assignments/step.ts'
import { unsetRoleArns } from '../../src/assignments/unset.ts'
import { parseUsername, type Username } from '../../src/assignments/username.ts'
import { type Instant, toInstant } from '../../src/clock.ts'
import { parseRoleArns } from '../../src/iam/role-arn-list.ts'
import { judgeLogin } from '../../src/sso/judge-login.ts'
import type { Store } from '../../src/store/store.ts'

export const BEGINNING = Date.parse('2026-01-01T00:00:00Z')

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Plan {
  readonly usernames: readonly Username[]
  readonly roles: readonly string[]
  readonly steps: number
  readonly random: () => number
}

/** Takes random steps of random people through the use-cases, in one transaction; answers the second after the last. */
export async function takeRandomSteps(store: Store, plan: Plan, from: number): Promise<number> {
  let seconds = from
  await store.transact(async (transaction) => {
    const inside: AssignmentStore = { ...store, transact: (work) => work(transaction) }
    for (let step = 0; step < plan.steps; step += 1) {
      seconds += chosen(plan.random, [0, 0, 1, 1, 60, 3600])
      await takeStepAt(inside, plan, seconds)
    }
  })
  return seconds + 1
}

export function chosen<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T
}

export function instantAt(seconds: number): Instant {
  return toInstant(new Date(BEGINNING + seconds * 1000))
}

async function takeStepAt(store: AssignmentStore, plan: Plan, seconds: number): Promise<void> {
  const { random } = plan
  const username = chosen(random, plan.usernames)
  const now = instantAt(seconds)
  const actor = { name: chosen(random, ['root', 'carol']), uid: 0, host: 'test' }
  const request = { username, actor, reason: null, clock: () => now, isDryRun: false }
  const kind = chosen(random, ['set', 'set', 'set', 'unset', 'login', 'login', 'refusal', 'call'] as const)
  if (kind === 'unset') await unsetRoleArns(store, request)
  else if (kind === 'set') {
    const { roleArns } = parseRoleArns(randomRoles(plan, 1))
    const expiresAt = random() < 0.4 ? instantAt(seconds + chosen(random, [1, 30, 4000, 9999])) : null
    const change = { ...request, roleArns, expiresAt, force: random() < 0.5 }
    await setRoleArns(store, change).catch((error) => {
      if (error.code !== 'REFUSED_SSO_GOVERNS') throw error
    })
  } else await logIn(store, plan, username, { actor, reason: null, now, at: now }, kind)
}

/** As a verified token would, or one that was refused, or somebody who changes AWS. */
async function logIn(
  store: AssignmentStore,
  plan: Plan,
  username: Username,
  context: StepContext,
  kind: 'login' | 'refusal' | 'call',
): Promise<void> {
  await store.transact(async (transaction) => {
    const nothing = { before: null, after: null }
    if (kind === 'refusal')
      return transaction.appendEvent(newEvent(username, context, { action: 'sso-refused', ...nothing }))
    if (kind === 'call') return transaction.appendEvent(newEvent(null, context, { action: 'aws-request', ...nothing }))
    const user = await readForChange(transaction, username, context)
    const roleArns = plan.random() < 0.4 ? null : parseRoleArns(randomRoles(plan, 0)).roleArns
    const claims = { username, roleArns, duplicates: [], roleSessionName: null }
    const { decision } = judgeLogin(user, claims, null)
    const after = decision.kind === 'step' ? decision.next : user.assignment
    await takeStep(transaction, username, context, { action: 'sso-login', before: user.assignment, after })
  })
}

function randomRoles({ random, roles }: Plan, least: number): readonly string[] {
  const count = least + Math.floor(random() * 3)
  return Array.from({ length: count }, () => chosen(random, roles))
}

export function people(history: number): readonly Username[] {
  return ['a', 'b', 'é'].map((name) => parseUsername(`h${history}-${name}`))
}
