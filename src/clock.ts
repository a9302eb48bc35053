declare const instant: unique symbol

/** A moment in UTC with whole seconds, as `2026-03-01T09:30:00Z`. Instants sort and compare as strings. */
export type Instant = string & { readonly [instant]: true }

/** Injected wherever a rule depends on the time, so that tests can stand still. */
export type Clock = () => Instant

export const systemClock: Clock = () => toInstant(new Date())

/** Fractions of a second are dropped: what is stored is what is shown. */
export function toInstant(date: Date): Instant {
  return `${date.toISOString().slice(0, 19)}Z` as Instant
}

/** From seconds since the epoch, the unit of JWT time claims (RFC 7519 §2, NumericDate). */
export function fromEpochSeconds(seconds: number): Instant {
  return toInstant(new Date(Math.floor(seconds) * 1000))
}

export function toEpochSeconds(moment: Instant): number {
  return Date.parse(moment) / 1000
}
