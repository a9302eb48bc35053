import pLimit from 'p-limit'

const FIRST = 5
const MOST = 10
/** So many successes in a row allow one more at a time. */
const STEP = 10

/** How many things are done at a time in one account: fewer when AWS throttles, slowly more again when it does not. */
export interface AdaptiveLimit {
  run<T>(work: () => Promise<T>): Promise<T>
  /** AWS throttled: half as many from now on. */
  throttled(): void
  readonly atOnce: number
}

/** Additive increase, multiplicative decrease, as TCP does (RFC 5681 §3.1): IAM does not publish its rates. */
export function adaptiveLimit(): AdaptiveLimit {
  const limit = pLimit(FIRST)
  let successes = 0
  return {
    async run(work) {
      const result = await limit(work)
      successes += 1
      if (successes % STEP === 0 && limit.concurrency < MOST) limit.concurrency += 1
      return result
    },
    throttled() {
      successes = 0
      limit.concurrency = Math.max(1, Math.floor(limit.concurrency / 2))
    },
    get atOnce() {
      return limit.concurrency
    },
  }
}
