import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const dist = join(import.meta.dirname, '..', 'dist')

/** The bundle that the last build wrote: `dist/main-HASH.cjs`. */
export function mainFile() {
  const name = readdirSync(dist).find((file) => /^main-[0-9A-Z]+\.cjs$/.test(file))
  if (name === undefined) throw new Error('there is no bundle; run: npm run build')
  return join(dist, name)
}
