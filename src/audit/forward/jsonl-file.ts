import { closeSync, constants, fstatSync, openSync, readSync, type Stats, writeSync } from 'node:fs'
import { AdminError } from '../../errors.ts'
import { shellQuote } from '../../iam/quote.ts'
import type { EventSink, OpenSink } from './event-sink.ts'

/** At birth; an existing file keeps its own. */
const MODE = 0o640
// Reading is for the last byte. A pipe of that name must not make us wait for its reader.
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * A file to which events are appended, opened anew for each command, so that it may be rotated away at any time.
 * Each batch is one write to the end, which no other write comes between (open(2), O_APPEND): lines stay whole.
 */
export function jsonlFile(file: string): EventSink {
  return { name: file, open: async () => openFile(file) }
}

function openFile(file: string): OpenSink {
  const descriptor = attempt(() => openSync(file, FLAGS, MODE))
  try {
    refuseUntrusted(fstatSync(descriptor), file)
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
  return {
    write: async (lines) => attempt(() => append(descriptor, lines)),
    close: async () => closeSync(descriptor),
  }
}

/** Whoever owns the file can rewrite it; what is no plain file keeps nothing. */
function refuseUntrusted(stats: Stats, file: string): void {
  const uid = process.getuid?.() ?? 0
  if (!stats.isFile()) throw unwritten('it is not a plain file')
  if (stats.uid !== 0 && stats.uid !== uid)
    throw unwritten(`it belongs to uid ${stats.uid}, neither to you nor to root: chown ${uid} ${shellQuote(file)}`)
  if ((stats.mode & 0o002) !== 0) throw unwritten(`everybody may write it: chmod o-w ${shellQuote(file)}`)
}

function append(descriptor: number, lines: readonly string[]): void {
  const start = endsTorn(descriptor) ? '\n' : ''
  const bytes = Buffer.from(`${start}${lines.join('\n')}\n`)
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
}

/** A disk that was full may have left half a line. */
function endsTorn(descriptor: number): boolean {
  const { size } = fstatSync(descriptor)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== '\n'
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw unwritten(explain(error), error)
  }
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ELOOP':
      return 'it is a symbolic link, which somebody may turn elsewhere'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'you may not write it'
    case 'ENOENT':
      return 'there is no such directory'
    case 'EISDIR':
    case 'ENXIO':
      return 'it is not a plain file'
    case 'ENOSPC':
      return 'its disk is full'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

function unwritten(problem: string, cause?: unknown): AdminError {
  return new AdminError('UNAVAILABLE_OUTPUT', problem, { cause })
}
