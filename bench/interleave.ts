import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** One command over all rounds, in the order of the rounds. */
export interface Timings {
  readonly seconds: readonly number[]
  readonly bytes: readonly number[]
}

/** Runs the commands round-robin and answers the wall time and peak memory of each run, by the names given. */
export function interleave(
  rounds: number,
  commands: Readonly<Record<string, readonly string[]>>,
  env: Readonly<Record<string, string>>,
): ReadonlyMap<string, Timings> {
  const output = execFileSync('python3', [join(import.meta.dirname, 'interleave.py')], {
    input: JSON.stringify({ rounds, commands }),
    encoding: 'utf8',
    env: { ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return new Map(Object.entries<Timings>(JSON.parse(output)))
}

/** The median of the ratios of each round, which a slow minute of the machine does not move. */
export function ratio(of: Timings, to: Timings): number {
  return median(of.seconds.map((seconds, round) => seconds / (to.seconds[round] ?? Number.NaN)))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
