import pLimit from 'p-limit'
import { AdminError, combined } from '../errors.ts'

const AT_ONCE = 10

/**
 * Everything is tried, so that a person who made three mistakes reads of three.
 *
 * @throws AdminError with the problems of all tasks
 */
export async function inParallel<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const limit = pLimit(AT_ONCE)
  const settled = await Promise.allSettled(tasks.map((task) => limit(task)))
  const failures = settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  const bug = failures.find((failure) => !(failure instanceof AdminError))
  if (bug !== undefined) throw bug
  if (failures.length > 0) throw combined(failures)
  return settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}
