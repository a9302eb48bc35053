import { join } from 'node:path'

/** The environment in which the program's clock stands still. */
export function clockStandingAt(instant: string): Record<string, string> {
  return { NODE_OPTIONS: `--require=${join(import.meta.dirname, 'freeze-clock.cjs')}`, FROZEN_AT: instant }
}
