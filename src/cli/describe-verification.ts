import type { LogVerification } from '../audit/verify-log.ts'
import type { StateComparison } from '../audit/verify-state.ts'
import { escapeControls, quote } from '../iam/quote.ts'

export interface ShownHead {
  readonly events: number
  readonly headHash: string | null
  readonly at: string | null
}

/** Nothing where there is no event. */
export function describeHead({ headHash }: ShownHead): string {
  return escapeControls(headHash ?? '')
}

export function describeVerification({ verified, headHash, broken, expectedHead, state }: LogVerification): string {
  if (broken !== null) return `event ${broken.id} is broken: ${broken.problem}\n${verified} events before it are sound`
  return [
    `${verified} events verified, the chain is whole`,
    ...(headHash === null ? [] : [`head: ${headHash}`]),
    ...(expectedHead === null ? [] : [describeExpected(expectedHead)]),
    ...(state === null ? [] : [describeState(state)]),
  ].join('\n')
}

function describeExpected({ hash, event }: { readonly hash: string; readonly event: number | null }): string {
  return event === null
    ? `the event with hash ${hash} is not in the log: its end was cut off, or the log was made anew`
    : `event ${event} has the expected hash: nothing was cut off up to there`
}

function describeState({ assignments, differs }: StateComparison): string {
  if (differs === null) return `${assignments} assignments are as the log tells`
  const { username, event, problem } = differs
  const what = username === null ? (event === null ? 'the store' : `event ${event}`) : `user ${quote(username)}`
  const last = username === null || event === null ? '' : ` (event ${event})`
  return `${what} is not as the log tells: ${escapeControls(problem)}${last}`
}
