import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What all files below a directory hold, byte for byte. */
export function everythingIn(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n')
}
