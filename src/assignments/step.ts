import type { EventAction, EventState, NewEvent } from '../audit/event.ts'
import type { Clock } from '../clock.ts'
import type { Actor } from './actor.ts'
import type { Assignment, StoredAssignment } from './assignment.ts'
import type { AssignmentTransaction, DecidedStep, UserRecord } from './assignment-store.ts'
import { decide } from './decide.ts'
import type { Times } from './in-transaction.ts'
import type { Username } from './username.ts'

/** Under whose name and why steps are taken. */
export interface StepRequest {
  readonly actor: Actor
  readonly reason: string | null
  readonly clock: Clock
}

/** And when: inside a transaction the time is known. */
export interface StepContext extends Omit<StepRequest, 'clock'>, Times {}

interface Step {
  readonly action: EventAction
  readonly before: Assignment | null
  readonly after: Assignment | null
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * Reads a user for a change. An assignment whose time has run out is ended first, as a step of its own, so that no
 * change is decided against a state that no longer holds.
 */
export async function readForChange(
  transaction: AssignmentTransaction,
  username: Username,
  context: StepContext,
): Promise<UserRecord> {
  const user = (await transaction.findUser(username)) ?? { username, assignment: null, login: null }
  const end = expiryStep(user, context)
  if (end === null) return user
  await transaction.putAssignment(username, end.next, end.event.at, end.event.actor)
  await transaction.appendEvent(end.event)
  return { ...user, assignment: null }
}

/** Ends an assignment whose time has run out; `null` where that is not so. */
export function expiryStep({ username, assignment }: UserRecord, context: StepContext): DecidedStep | null {
  const decision = decide(assignment, { kind: 'time', now: context.now })
  if (decision.kind !== 'step') return null
  const step = { action: 'expire', before: assignment, after: decision.next } as const
  return { username, next: decision.next, event: newEvent(username, { ...context, reason: null }, step) }
}

/** Stores the new state and its event together. */
export async function takeStep(
  transaction: AssignmentTransaction,
  username: Username,
  context: StepContext,
  step: Step,
): Promise<void> {
  if (step.before !== step.after) {
    await transaction.putAssignment(username, step.after, context.at, context.actor.name)
  }
  await transaction.appendEvent(newEvent(username, context, step))
}

export function newEvent(username: Username | null, { actor, at, reason }: StepContext, step: Step): NewEvent {
  return {
    at,
    action: step.action,
    actor: actor.name,
    actorUid: actor.uid,
    host: actor.host,
    username,
    before: eventState(step.before),
    after: eventState(step.after),
    reason,
    details: step.details ?? null,
  }
}

function eventState(assignment: Assignment | StoredAssignment | null): EventState | null {
  if (assignment === null) return null
  return { source: assignment.source, roleArns: assignment.roleArns, expiresAt: assignment.expiresAt }
}
