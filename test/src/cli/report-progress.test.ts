import { expect, test } from '@jest/globals'
import { progressLine } from '../../../src/cli/report-progress.ts'

test('the progress of a report is told to those who have waited for a second, five times a second', () => {
  let now = 5000
  const line = progressLine(() => now)
  const at = (moment: number, done: number | null) => {
    now = moment
    return line({ doing: 'reading the log', done })
  }
  expect(at(5000, 1)).toBeNull()
  expect(at(5999, 1000)).toBeNull()
  expect(at(6000, 12_000)).toBe('reading the log: 12,000 …')
  expect(at(6199, 13_000)).toBeNull()
  expect(at(6200, null)).toBe('reading the log …')
})
