import { describe, expect, test } from '@jest/globals'
import { parseExpiry, parseMoment } from '../../../src/assignments/expiry.ts'
import type { Instant } from '../../../src/clock.ts'

const now = '2026-03-01T12:00:00Z' as Instant

describe('the end of an assignment', () => {
  test.each([
    ['15m', '2026-03-01T12:15:00Z'],
    ['8h', '2026-03-01T20:00:00Z'],
    ['30d', '2026-03-31T12:00:00Z'],
    ['2027-03-01', '2027-03-01T00:00:00Z'],
    ['2027-03-01T17:00:00Z', '2027-03-01T17:00:00Z'],
    ['2027-03-01T17:00Z', '2027-03-01T17:00:00Z'],
    ['2027-03-01T17:00:00.999+02:00', '2027-03-01T15:00:00Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseExpiry(text, now)).toBe(moment)
  })

  test.each([
    ['2026-03-01T12:00:00Z', 'not in the future'],
    ['2026-02-28', 'not in the future'],
    ['0h', 'not in the future'],
    ['2027-03-01T17:00:00', 'no time zone'],
    ['2027-02-30', 'not a time'],
    ['2027-13-01', 'not a time'],
    ['8', 'expected a duration'],
    ['8 h', 'expected a duration'],
    ['-8h', 'expected a duration'],
    ['1w', 'expected a duration'],
    ['tomorrow', 'expected a duration'],
    ['', 'expected a duration'],
    ['9999999d', 'expected a duration'],
  ])('%j is refused', (text, reason) => {
    expect(() => parseExpiry(text, now)).toThrow(
      expect.objectContaining({ code: 'INVALID_EXPIRY', message: expect.stringContaining(reason) }),
    )
  })
})

describe('a moment in the past', () => {
  test.each([
    ['15m', '2026-03-01T11:45:00Z'],
    ['8h', '2026-03-01T04:00:00Z'],
    ['30d', '2026-01-30T12:00:00Z'],
    ['2026-01-01', '2026-01-01T00:00:00Z'],
    ['2026-01-01T17:00:00+02:00', '2026-01-01T15:00:00Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseMoment(text, now)).toBe(moment)
  })

  test.each([['yesterday'], ['8'], ['2026-01-01T17:00:00'], ['']])('%j is refused', (text) => {
    expect(() => parseMoment(text, now)).toThrow(expect.objectContaining({ code: 'INVALID_TIME' }))
  })
})
