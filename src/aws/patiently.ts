import { isThrottling } from './errors.ts'

/** Waits so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>

const LONGEST = 4000
const ROUNDS = 3

/**
 * Tries again where AWS still throttles when the SDK has made all its attempts. The pauses are of random length, up to
 * twice as long each time, so that those who were throttled together do not come back together (AWS Architecture Blog,
 * "Exponential backoff and jitter").
 */
export async function patiently<T>(work: () => Promise<T>, pause: Pause, rounds = ROUNDS): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await work()
    } catch (error) {
      if (round >= rounds || !(error instanceof Error) || !isThrottling(error)) throw error
      await pause(Math.random() * LONGEST * 2 ** (round - 1))
    }
  }
}
