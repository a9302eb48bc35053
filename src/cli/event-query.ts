import { parseMoment } from '../assignments/expiry.ts'
import type { EventFilter } from '../audit/event-log.ts'
import { parseGlob } from '../audit/glob.ts'
import { parseRoleGlob } from '../audit/role-glob.ts'
import type { Instant } from '../clock.ts'
import { AdminError } from '../errors.ts'
import { optionally, parseAll } from './parse-all.ts'

interface EventFlags {
  readonly user?: readonly string[] | undefined
  readonly role?: readonly string[] | undefined
  readonly actor?: readonly string[] | undefined
  readonly action?: EventFilter['actions'] | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly limit?: number | undefined
}

/**
 * What is asked of the log.
 *
 * @throws AdminError INVALID_ROLE_ARN, INVALID_TIME
 */
export function parseEventQuery(flags: EventFlags, now: Instant): EventFilter {
  const filter = parseAll<EventFilter>({
    // As user names are kept.
    users: () => (flags.user ?? []).map((glob) => parseGlob(glob.normalize('NFC'))),
    roles: () => (flags.role ?? []).map(parseRoleGlob),
    actors: () => (flags.actor ?? []).map(parseGlob),
    actions: () => flags.action ?? [],
    since: () => optionally(flags.since, (text) => parseMoment(text, now)) ?? null,
    until: () => optionally(flags.until, (text) => parseMoment(text, now)) ?? null,
    limit: () => flags.limit ?? null,
  })
  const { since, until } = filter
  if (since === null || until === null || since <= until) return filter
  throw new AdminError('INVALID_TIME', `--since is ${since}, after --until, ${until}: nothing can be between`)
}
