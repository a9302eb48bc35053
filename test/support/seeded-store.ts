import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Assignment } from '../../src/assignments/assignment.ts'
import type { AssignmentTransaction } from '../../src/assignments/assignment-store.ts'
import { parseUsername, type Username } from '../../src/assignments/username.ts'
import type { EventAction, EventState } from '../../src/audit/event.ts'
import { type Instant, toInstant } from '../../src/clock.ts'
import type { RoleArn } from '../../src/iam/role-arn.ts'
import { parseRoleArns } from '../../src/iam/role-arn-list.ts'
import { openStore } from '../../src/store/open-store.ts'

const DAY = 86_400_000
const accounts = ['123456789012', '210987654321', '445566778899']
const jobs = ['analyst', 'data-scientist', 'warehouse-reader', 'ml-engineer', 'on-call', 'billing', 'platform-admin']

/** How often each thing happens among so many people: one in so many. */
const oneIn = { sso: 3, forced: 40, ending: 15, over: 60, gone: 25, login: 2, refused: 50 }

interface Step {
  readonly at: number
  readonly username: Username
  readonly action: EventAction
  readonly next: Assignment | null
  readonly reason: string | null
  readonly login: boolean
}

/**
 * A store with a year of history of so many people: given, taken, forced, ended, logged in. The same number makes the
 * same store but for the time, which ends today. It is written through the store's own door, events and chain included, in a
 * process of its own: errors of Node.js itself are no `Error` to modules that jest has loaded.
 */
export async function seedStore(path: string, people: number): Promise<void> {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'seeded-store.ts'), path, String(people)])
}

async function fill(path: string, people: number): Promise<void> {
  const random = mulberry(people)
  const today = Date.now()
  const names = accounts.flatMap((account) => jobs.map((job) => `arn:aws:iam::${account}:role/workbench/${job}`))
  const roles = parseRoleArns(names).roleArns
  const steps = Array.from({ length: people }, (_, index) => stepsOf(index, roles, random, today)).flat()
  const store = await openStore({ engine: 'sqlite', path }, 'write')
  await store.transact(async (transaction) => {
    const states = new Map<string, Assignment | null>()
    for (const step of steps.sort((one, other) => one.at - other.at)) await take(transaction, step, states)
  })
  await store.close()
}

function stepsOf(index: number, roles: readonly RoleArn[], random: () => number, today: number): readonly Step[] {
  const happens = (kind: keyof typeof oneIn) => random() < 1 / oneIn[kind]
  const username = parseUsername(`user-${String(index + 1).padStart(5, '0')}`)
  const start = today - DAY * (1 + random() * 400)
  const later = () => start + (today - start) * random()
  const some = (most: number) => [
    ...new Set(Array.from({ length: 1 + random() * most }, () => roles[Math.floor(random() * roles.length)])),
  ]
  const roleArns = some(index % 97 === 0 ? 40 : 4).flatMap((arn) => arn ?? [])
  const step = { at: start, username, reason: null, login: false }
  const isSso = happens('sso')
  const expiresAt = happens('ending')
    ? at(today + DAY * 40 * random())
    : happens('over')
      ? at(today - DAY * random())
      : null
  const first: Step = isSso
    ? { ...step, action: 'sso-login', next: { source: 'sso', roleArns, expiresAt: null }, login: true }
    : { ...step, action: 'set', next: { source: 'cli', roleArns, expiresAt }, reason: reasonOf(index) }
  const steps = [first]
  if (!isSso && happens('login')) steps.push({ ...first, at: later(), action: 'sso-login', login: true, reason: null })
  if (isSso && happens('forced'))
    steps.push({
      ...step,
      at: later(),
      action: 'set',
      next: { source: 'cli', roleArns, expiresAt: null },
      reason: 'incident 4711',
    })
  if (happens('refused')) steps.push({ ...(steps.at(-1) ?? first), at: later(), action: 'sso-refused', login: false })
  if (happens('gone'))
    steps.push({ ...step, at: today - DAY * random(), action: 'unset', next: null, reason: 'left the company' })
  return steps.sort((one, other) => one.at - other.at)
}

function reasonOf(index: number): string | null {
  return ['joined the forecasting team', 'ticket OPS-2291', null][index % 3] ?? null
}

async function take(transaction: AssignmentTransaction, step: Step, states: Map<string, Assignment | null>) {
  const { username, action, next } = step
  const previous = states.get(username) ?? null
  const isChange = action !== 'sso-refused'
  const isOther = JSON.stringify(stateOf(previous)) !== JSON.stringify(stateOf(next))
  const actor = action.startsWith('sso') ? 'workbench' : 'root'
  if (isChange && isOther) await transaction.putAssignment(username, next, at(step.at), actor)
  if (step.login) {
    const moment = at(step.at)
    const subject = `sub-${username.replace(/0007$/, '0001')}`
    await transaction.putLogin(username, { subject, roleSessionName: null, tokenIssuedAt: moment, at: moment })
  }
  await transaction.appendEvent({
    at: at(step.at),
    action,
    actor,
    actorUid: 0,
    host: 'workbench-1',
    username,
    before: isChange ? stateOf(previous) : null,
    after: isChange ? stateOf(next) : null,
    reason: step.reason,
    details: null,
  })
  if (isChange) states.set(username, next)
}

function stateOf(assignment: Assignment | null): EventState | null {
  return assignment === null
    ? null
    : { source: assignment.source, roleArns: assignment.roleArns, expiresAt: assignment.expiresAt }
}

function at(milliseconds: number): Instant {
  return toInstant(new Date(milliseconds))
}

/** Random numbers that are the same for the same seed (Tommy Ettinger's mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

if (import.meta.main) await fill(process.argv[2] ?? '', Number(process.argv[3]))
