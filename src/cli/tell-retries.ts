import type { FailedAttempt } from '../aws/attempts.ts'

/** Each kind of trouble once: the SDK tries again by itself, and a hundred lines would say no more. */
export function tellRetries(note: (text: string) => void, onThrottled: () => void = () => {}) {
  const told = new Set<string>()
  return ({ kind, action, error, attempt }: FailedAttempt) => {
    if (kind === 'throttled') onThrottled()
    if (told.has(kind) || attempt > 1) return
    told.add(kind)
    note(`${action} failed and is tried again: ${error}`)
  }
}
