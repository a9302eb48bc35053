import { chalkStderr as chalk } from 'chalk'
import type { ImportProgress } from '../assignments/import/survey.ts'

const WIDTH = 30
/** Milliseconds between two drawings. */
const PAUSE = 100

/** Shows on stderr how far an import is. Whoever asked for it ends it. */
export interface ImportView {
  readonly show: (progress: ImportProgress) => void
  readonly end: () => void
}

/** A bar on a terminal where somebody watches; elsewhere nothing. */
export async function importView(isJson: boolean): Promise<ImportView> {
  if (!isWatched(isJson)) return { show: () => {}, end: () => {} }
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(process.stderr)
  const bar = progressBar(() => performance.now())
  return {
    show(progress) {
      const line = bar(progress)
      if (line !== null) update(line)
    },
    end() {
      update.clear()
      update.done()
    },
  }
}

/** Whether there is a person before a terminal on which lines can be drawn anew. */
export function isWatched(isJson: boolean): boolean {
  return process.stderr.isTTY === true && !process.env.CI && process.env.TERM !== 'dumb' && !isJson
}

/**
 * The bar with rate and remaining time of what is being done; `null` where the last one is young enough.
 *
 * @param clock milliseconds
 */
export function progressBar(clock: () => number): (progress: ImportProgress) => string | null {
  let doing: ImportProgress['doing'] | null = null
  let started = 0
  let drawn = Number.NEGATIVE_INFINITY
  return (progress) => {
    const now = clock()
    if (progress.doing !== doing) {
      doing = progress.doing
      started = now
    } else if (now - drawn < PAUSE) return null
    drawn = now
    return describe(progress, (now - started) / 1000)
  }
}

function describe({ doing, lines, part }: ImportProgress, seconds: number): string {
  const done = Math.min(1, Math.max(0, part))
  const filled = Math.round(done * WIDTH)
  const bar = `${chalk.cyan('█'.repeat(filled))}${chalk.dim('░'.repeat(WIDTH - filled))}`
  const percent = `${Math.floor(done * 100)} %`.padStart(5)
  return [`${doing} ${bar}${percent}`, `${grouped(lines)} lines`, ...speed(lines, done, seconds)].join('  ')
}

function speed(lines: number, done: number, seconds: number): readonly string[] {
  if (seconds < 0.5 || lines === 0) return []
  const rate = `${grouped(Math.round(lines / seconds))} lines/s`
  return done === 0 ? [rate] : [rate, `${remaining((seconds * (1 - done)) / done)} left`]
}

function remaining(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}
