import { AdminError } from '../errors.ts'
import type { Call } from './plan.ts'

/** Waits between tries, in milliseconds: about a minute in all. */
export const PATIENCE: readonly number[] = [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]

/** For what is probably there already: about a quarter of a minute. */
export const SHORT_PATIENCE: readonly number[] = PATIENCE.slice(0, 6)

/**
 * Whether IAM, which is eventually consistent, only needs time. `hasCreated`: an earlier call of the same change made
 * the resource. A policy that does not exist is not worth waiting for, a role that was just made is
 * (IAM user guide, "Changes that I make are not always immediately visible"; IAM API reference, common errors).
 */
export function needsTime(error: unknown, hasCreated: boolean): error is AdminError {
  if (!(error instanceof AdminError)) return false
  const { awsError, awsMessage } = error.details
  const words = String(awsMessage)
  switch (awsError) {
    case 'ConcurrentModification':
    case 'EntityTemporarilyUnmodifiable':
      return true
    case 'NoSuchEntity':
      return hasCreated && !/^policy /i.test(words)
    case 'MalformedPolicyDocument':
      return /invalid principal/i.test(words)
    default:
      return false
  }
}

export interface Waiting {
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly onWait: (call: Call, error: AdminError) => void
}

/** Sends the call, again and again while IAM needs time, but not for ever. */
export async function sendPatiently(
  send: (call: Call) => Promise<void>,
  call: Call,
  hasCreated: boolean,
  { sleep, onWait }: Waiting,
): Promise<void> {
  for (const milliseconds of PATIENCE) {
    try {
      return await send(call)
    } catch (error) {
      if (!needsTime(error, hasCreated)) throw error
      onWait(call, error)
      await sleep(milliseconds)
    }
  }
  return send(call)
}
