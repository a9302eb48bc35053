import { once } from 'node:events'
import { isClosedPipe } from './failure.ts'
import type { ListFormat } from './formats.ts'

/** Whoever reads a listing, at the other end of standard output or of a pager. */
export interface Reader {
  /** Hands over as fast as it is read, so that nothing piles up in memory. */
  read(texts: AsyncIterable<string | Buffer>): Promise<void>
}

/** A person at a terminal reads a table page by page where the command offers that. */
export function openReader({ format, isPaged = false }: { format: ListFormat; isPaged?: boolean }): Reader {
  const isPerson = process.stdout.isTTY === true && format === 'table' && !process.env.CI
  return isPaged && isPerson ? pagedReader : plainReader
}

export const plainReader: Reader = {
  async read(texts) {
    for await (const text of texts) await print(text)
  },
}

const pagedReader: Reader = {
  async read(texts) {
    const { readPaged } = await import('./pager.ts')
    await readPaged(texts, process.env, plainReader)
  },
}

/** A reader who is gone is seen at once; of every other failure the program hears while it waits, and ends. */
async function print(text: string | Buffer): Promise<void> {
  const { stdout } = process
  const isTaken = stdout.write(text)
  if (stdout.errored && isClosedPipe(stdout.errored)) throw stdout.errored
  if (!isTaken || stdout.errored) await once(stdout, 'drain')
}
