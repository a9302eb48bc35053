import { describe, expect, test } from '@jest/globals'
import { patiently } from '../../../src/aws/patiently.ts'

function failing(name: string, times: number) {
  let left = times
  return async () => {
    left -= 1
    if (left >= 0) throw Object.assign(new Error('Rate exceeded'), { name })
    return 'answer'
  }
}

async function tried(work: () => Promise<string>) {
  const pauses: number[] = []
  const outcome = await patiently(work, async (milliseconds) => pauses.push(milliseconds)).catch(({ name }) => name)
  return { outcome, pauses }
}

describe('what AWS throttles', () => {
  test('is asked again after pauses that differ from run to run', async () => {
    const [one, other] = [await tried(failing('ThrottlingException', 2)), await tried(failing('Throttling', 2))]
    expect([one.outcome, other.outcome]).toEqual(['answer', 'answer'])
    expect([one.pauses.length, other.pauses.length]).toEqual([2, 2])
    expect(one.pauses).not.toEqual(other.pauses)
    for (const [first = -1, second = -1] of [one.pauses, other.pauses]) {
      expect(first >= 0 && first < 4000).toBe(true)
      expect(second >= 0 && second < 8000).toBe(true)
    }
  })

  test('is given up after three rounds', async () => {
    const { outcome, pauses } = await tried(failing('Throttling', 3))
    expect([outcome, pauses.length]).toEqual(['Throttling', 2])
  })

  test('is the only thing that is asked again', async () => {
    expect(await tried(failing('AccessDenied', 1))).toEqual({ outcome: 'AccessDenied', pauses: [] })
  })
})
