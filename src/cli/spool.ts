import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AdminError } from '../errors.ts'

const CHUNK = 65_536

/**
 * Gives back the same text once all of it is there, so that a failure on the way leaves nothing half said. It waits in
 * a file that has no name any more while it is written: nobody else reads it, and it goes with the process.
 */
export async function* spool(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const file = openNameless(ANSWER)
  try {
    for await (const text of texts) inTemporaryDirectory(ANSWER, () => writeSync(file, text))
    const chunk = Buffer.allocUnsafe(CHUNK)
    let position = 0
    for (let size = readSync(file, chunk, 0, CHUNK, 0); size > 0; size = readSync(file, chunk, 0, CHUNK, position)) {
      position += size
      yield Buffer.from(chunk.subarray(0, size))
    }
  } finally {
    closeSync(file)
  }
}

const ANSWER = 'the answer'

/** A file that nobody else can open and that goes with its descriptor. */
export function openNameless(what: string): number {
  return inTemporaryDirectory(what, () => {
    const path = join(tmpdir(), `admin-${process.pid}-${process.hrtime.bigint().toString(36)}`)
    const file = openSync(path, 'wx+', 0o600)
    unlinkSync(path)
    return file
  })
}

/** @throws AdminError UNAVAILABLE_OUTPUT where the directory has no room, or is none */
export function inTemporaryDirectory<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const message = `${what} could not be collected in ${tmpdir()}: ${reason}\nTMPDIR names another directory for it`
    throw new AdminError('UNAVAILABLE_OUTPUT', message, { cause })
  }
}
