import { closeSync, openSync, readSync } from 'node:fs'

/**
 * The text of a file or a pipe, read no further than one byte behind `mostBytes`. `null`: it has more than that.
 * What the file system says comes as it is.
 */
export function readBounded(file: string, mostBytes: number): string | null {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(mostBytes + 1)
    let filled = 0
    for (let count = -1; count !== 0 && filled < buffer.length; filled += count)
      count = readSync(descriptor, buffer, filled, buffer.length - filled, null)
    return filled > mostBytes ? null : buffer.toString('utf8', 0, filled)
  } finally {
    closeSync(descriptor)
  }
}
