import { closeSync, createReadStream, fstatSync, open, readSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import type { ImportFile } from '../assignments/import/import-file.ts'
import { explainReadFailure } from '../config/read-failure.ts'
import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import { refuseEmpty } from './flags.ts'
import { inTemporaryDirectory, openNameless } from './spool.ts'

const CHUNK = 262_144

/**
 * Opens FILE, or stdin for `-`, for the time of `work`. What can be read only once, such as a pipe, is first collected
 * in a file without a name.
 *
 * @throws AdminError NOT_FOUND_FILE, DENIED_FILE, UNAVAILABLE_OUTPUT
 */
export async function withImportFile<T>(file: string, work: (file: ImportFile) => Promise<T>): Promise<T> {
  refuseEmpty('FILE', file)
  const descriptor = await openToStay(file)
  try {
    return await work(rereadable(file === '-' ? '-' : basename(file), descriptor))
  } finally {
    closeSync(descriptor)
  }
}

/** A descriptor from which all can be read again. */
async function openToStay(file: string): Promise<number> {
  // By its path it cannot be opened where it is a socket.
  if (file === '-' || file === '/dev/stdin') return collect(process.stdin)
  try {
    // Not at once: a pipe opens when somebody writes to it, and until then signals must come through.
    const descriptor = await promisify(open)(file, 'r')
    if (fstatSync(descriptor).isFile()) return descriptor
    return await collect(createReadStream('', { fd: descriptor }))
  } catch (error) {
    throw explainReadFailure(error, `file ${quote(file)}`)
  }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<number> {
  const what = 'what is to be imported'
  const descriptor = openNameless(what)
  for await (const chunk of stream) inTemporaryDirectory(what, () => writeFileSync(descriptor, chunk))
  return descriptor
}

/** By its descriptor, so that it stays the same file, and with a checksum of each chunk, so that it stays the same. */
function rereadable(name: string, descriptor: number): ImportFile {
  const { size } = fstatSync(descriptor)
  const checksums: number[] = []
  const buffer = Buffer.allocUnsafe(CHUNK)
  let isReadThrough = false
  return {
    name,
    bytes: size,
    *chunks() {
      for (let index = 0; ; index += 1) {
        const chunk = buffer.subarray(0, readSync(descriptor, buffer, 0, CHUNK, index * CHUNK))
        const checksum = crc32(chunk)
        if (checksums.length === index && !isReadThrough) checksums.push(checksum)
        if (checksum !== checksums[index]) throw changed(name)
        if (chunk.length === 0) break
        yield chunk
      }
      isReadThrough = true
    },
  }
}

function changed(name: string): AdminError {
  return new AdminError('INVALID_IMPORT', `${quote(name)} changed while it was read; nothing was changed here`)
}
