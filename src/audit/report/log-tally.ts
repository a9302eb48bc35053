import type { Instant } from '../../clock.ts'
import type { EventRow } from '../hash-chain.ts'
import type { EventKind, ReportedDay } from './report-data.ts'

const kinds: Readonly<Record<string, EventKind>> = {
  set: 'set',
  unset: 'ended',
  expire: 'ended',
  'sso-login': 'sso',
  'sso-refused': 'refused',
}

/** Who put CLI roles in the place of those that single sign-on had given, and when. */
export interface Forcing {
  readonly by: string
  readonly at: string
}

/** Counts what passes by while the log is walked, oldest first. */
export class LogTally {
  readonly #since: Instant
  readonly #recently: Instant
  readonly #now: Instant
  readonly #days = new Map<string, Record<EventKind, number>>()
  readonly #forced = new Map<string, Forcing>()
  events = 0
  /** Id of the last row. */
  newest = 0
  recentChanges = 0

  /**
   * @param since from when on days are counted
   * @param recently from when on changes are recent
   */
  constructor(since: Instant, recently: Instant, now: Instant) {
    this.#now = now
    this.#since = since
    this.#recently = recently
  }

  async *watch(batches: AsyncIterable<readonly EventRow[]>): AsyncGenerator<readonly EventRow[]> {
    for await (const rows of batches) {
      for (const row of rows) this.#see(row)
      yield rows
    }
  }

  /** People whose roles were forced over single sign-on, and still stand. */
  get forced(): ReadonlyMap<string, Forcing> {
    return this.#forced
  }

  /** Oldest first; days on which nothing happened are not there. */
  days(): readonly ReportedDay[] {
    return [...this.#days].sort(([one], [other]) => (one < other ? -1 : 1)).map(([day, counts]) => ({ day, counts }))
  }

  #see(row: EventRow): void {
    this.events += 1
    this.newest = row.id
    const kind = kinds[row.action]
    if (kind !== undefined && this.#isSince(this.#since, row.at)) this.#countDay(row.at.slice(0, 10), kind)
    if (row.before === row.after) return
    if (this.#isSince(this.#recently, row.at)) this.recentChanges += 1
    if (row.username !== null) this.#noteForcing(row.username, row)
  }

  /** A time that somebody edited may be none. */
  #isSince(start: Instant, at: string): boolean {
    return at >= start && at <= this.#now && !Number.isNaN(Date.parse(at))
  }

  #countDay(day: string, kind: EventKind): void {
    const counts = this.#days.get(day) ?? { set: 0, ended: 0, sso: 0, refused: 0 }
    counts[kind] += 1
    this.#days.set(day, counts)
  }

  /** Only --force leads from SSO to CLI; further CLI roles are still in the place of what SSO had said. */
  #noteForcing(username: string, { before, after, at, actor }: EventRow): void {
    const present = sourceIn(after)
    if (present === 'cli' && sourceIn(before) === 'sso') this.#forced.set(username, { by: actor, at })
    else if (present !== 'cli') this.#forced.delete(username)
  }
}

/** The source of a state as it is stored, without reading all of it: a log has millions. */
function sourceIn(state: string | null): string | null {
  return /^\{"source":"(cli|sso)"/.exec(state ?? '')?.[1] ?? null
}
