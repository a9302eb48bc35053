import { type Clock, type Instant, toEpochSeconds } from '../clock.ts'
import { shellQuote } from '../iam/quote.ts'
import type { Store } from '../store/store.ts'
import { writeWarning } from './output.ts'

/** Seconds by which the clocks of hosts may differ without a word. */
const TOLERANCE = 300

/**
 * The same store, which says once, before it is written to, that its log is far ahead of this clock. It is no failure:
 * one wrong clock would close the store to everybody for ever.
 */
export function watchingClock(store: Store, clock: Clock): Store {
  let isTold = false
  const tell = (last: Instant | null) => {
    const ahead = last === null ? 0 : toEpochSeconds(last) - toEpochSeconds(clock())
    if (last === null || isTold || ahead <= TOLERANCE) return
    isTold = true
    warn(last, ahead, store.location)
  }
  return {
    ...store,
    transact: (work) =>
      store.transact((transaction) =>
        work({
          ...transaction,
          lastEventAt: async () => {
            const last = await transaction.lastEventAt()
            tell(last)
            return last
          },
        }),
      ),
  }
}

function warn(last: Instant, ahead: number, location: string): void {
  writeWarning(
    `the newest event of the log is from ${last}, ${inWords(ahead)} ahead of this clock; what changes now is logged at that time\nfirst check the clock of this host, then whose was wrong: admin audit log --limit 1 --database ${shellQuote(location)}`,
  )
}

/** The largest unit of which there are two says enough. */
function inWords(seconds: number): string {
  const [size, unit] = UNITS.find(([least]) => seconds >= 2 * least) ?? [1, 'seconds']
  return `${Math.round(seconds / size)} ${unit}`
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
]
