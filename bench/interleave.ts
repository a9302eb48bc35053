import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** One command over all rounds, in the order of the rounds. */
export interface Timings {
  readonly seconds: readonly number[]
  readonly bytes: readonly number[]
}

export interface Rounds {
  readonly rounds: number
  /** Rounds before them that do not count. */
  readonly warmUps: number
}

/**
 * Runs the commands round-robin and answers the wall time and peak memory of each run, by the names given. Does not
 * block: they may ask servers of this process.
 *
 * @throws Error where a command fails
 */
export async function interleave(
  rounds: Rounds,
  commands: Readonly<Record<string, readonly string[]>>,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Timings>> {
  const child = spawn('python3', [join(import.meta.dirname, 'interleave.py')], {
    env: { ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  child.stdin.end(JSON.stringify({ ...rounds, commands }))
  const [output, exitCode] = await Promise.all([text(child.stdout), ended])
  if (exitCode !== 0) throw new Error('a command of the bench failed')
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
