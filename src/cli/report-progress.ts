import type { ReportProgress } from '../audit/report/gather-report.ts'
import { isWatched } from './import-progress.ts'

/** Milliseconds that a person waits without asking what goes on, and between two drawings. */
const PATIENCE = 1000
const PAUSE = 200

/** Shows on stderr how far a report is. Whoever asked for it ends it. */
export interface ReportView {
  readonly show: (progress: ReportProgress) => void
  readonly end: () => void
}

/** A line on a terminal where somebody watches and waits; elsewhere nothing. */
export async function reportView(isJson: boolean): Promise<ReportView> {
  if (!isWatched(isJson)) return { show: () => {}, end: () => {} }
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(process.stderr, { showCursor: true })
  const line = progressLine(() => performance.now())
  let latest: ReportProgress | null = null
  const draw = () => {
    const text = latest === null ? null : line(latest)
    if (text !== null) update(text)
  }
  const timer = setInterval(draw, PAUSE)
  return {
    show(progress) {
      latest = progress
      draw()
    },
    end() {
      clearInterval(timer)
      update.clear()
      update.done()
    },
  }
}

/**
 * What is being done; `null` while nobody can have lost patience, and where the last line is young enough.
 *
 * @param clock milliseconds
 */
export function progressLine(clock: () => number): (progress: ReportProgress) => string | null {
  const started = clock()
  let drawn = Number.NEGATIVE_INFINITY
  return ({ doing, done }) => {
    const now = clock()
    if (now - started < PATIENCE || now - drawn < PAUSE) return null
    drawn = now
    return done === null ? `${doing} …` : `${doing}: ${done.toLocaleString('en')} …`
  }
}
