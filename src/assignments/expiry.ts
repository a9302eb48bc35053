import { type Instant, toInstant } from '../clock.ts'
import { AdminError, type ErrorCode } from '../errors.ts'
import { quote } from '../iam/quote.ts'

const SECONDS = { m: 60, h: 3600, d: 86_400 } as const
const MOMENT = 'a moment like 2027-03-01 or 2027-03-01T17:00:00Z'
const EXPECTED = `a duration like 15m, 8h or 30d, or ${MOMENT}`

/**
 * Reads when an assignment ends: a duration from `now`, or a moment with its time zone.
 *
 * @throws AdminError INVALID_EXPIRY, also for what is not in the future
 */
export function parseExpiry(text: string, now: Instant): Instant {
  const moment = durationFrom(text, now, 1) ?? parseInstant(text, 'INVALID_EXPIRY', EXPECTED)
  if (moment > now) return moment
  throw new AdminError('INVALID_EXPIRY', `${quote(text)} is not in the future: it is ${moment}, now is ${now}`)
}

/**
 * Reads a moment that may also be said as how long ago it was.
 *
 * @throws AdminError INVALID_TIME
 */
export function parseMoment(text: string, now: Instant): Instant {
  return durationFrom(text, now, -1) ?? parseInstant(text, 'INVALID_TIME', EXPECTED)
}

/**
 * Reads a moment. A date alone is its first second in UTC; a time must say its zone.
 *
 * @throws AdminError with that code
 */
export function parseInstant(text: string, code: ErrorCode, expected = MOMENT): Instant {
  const zoneless = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text)
  if (zoneless)
    throw new AdminError(code, `${quote(text)} has no time zone: write ${text}Z for UTC, or an offset like +02:00`)
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const milliseconds = isIso && isCalendarDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(milliseconds)) throw new AdminError(code, `${quote(text)} is not a time: expected ${expected}`)
  return toInstant(new Date(milliseconds))
}

function durationFrom(text: string, now: Instant, direction: 1 | -1): Instant | null {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (amount === undefined || unit === undefined) return null
  const seconds = direction * Number(amount) * SECONDS[unit as keyof typeof SECONDS]
  return toInstant(new Date(Date.parse(now) + seconds * 1000))
}

/** `Date.parse` takes 2027-02-30 for 2027-03-02. */
function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
