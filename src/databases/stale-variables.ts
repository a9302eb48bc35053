/**
 * What libpq would take from the environment before, or beside, what a format sets: it connects to PGHOSTADDR whatever
 * PGHOST says, and what a service has goes before all variables (PostgreSQL documentation, "Environment Variables", "The
 * Connection Service File").
 */
const STALE = ['PGHOSTADDR', 'PGSERVICE']

/** A command for a shell, to go before. */
export function forgetStale(): string {
  return `unset ${STALE.join(' ')}`
}
