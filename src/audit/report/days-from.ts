import { type Instant, toInstant } from '../../clock.ts'

/** The moment so many days later, or earlier. */
export function daysFrom(moment: Instant, days: number): Instant {
  return toInstant(new Date(Date.parse(moment) + days * 86_400_000))
}
