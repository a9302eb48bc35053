import { AdminError } from '../../errors.ts'
import { quote } from '../../iam/quote.ts'
import type { ImportFile } from './import-file.ts'

/** In bytes. A hundred role ARNs are 66,000; in JSON every character of theirs may be written with six. */
export const LONGEST_LINE = 1_048_576

/** Lines that follow each other, without their ends. */
export interface LineBlock {
  /** The number of the first line; lines count from 1. */
  readonly first: number
  readonly lines: readonly string[]
  /** How much of the file has been read with them. */
  readonly bytesRead: number
}

/**
 * The lines of a file, many at a time. What is no UTF-8 becomes U+FFFD, which neither user names nor role ARNs may
 * hold. A line that is longer than {@link LONGEST_LINE} is cut, so that it is still seen to be too long.
 *
 * @throws AdminError INVALID_IMPORT for UTF-16
 */
export function* lineBlocks(file: ImportFile): Generator<LineBlock> {
  let first = 1
  let bytesRead = 0
  let rest: Buffer = Buffer.alloc(0)
  for (const chunk of file.chunks()) {
    const bytes = bytesRead === 0 ? withoutMark(asBuffer(chunk), file.name) : asBuffer(chunk)
    bytesRead += chunk.length
    const end = bytes.lastIndexOf(LINE_FEED) + 1
    if (end === 0) {
      rest = cut(Buffer.concat([rest, bytes]))
      continue
    }
    const lines = toLines(rest.length === 0 ? bytes.subarray(0, end) : joined(rest, bytes.subarray(0, end)))
    rest = Buffer.from(bytes.subarray(end))
    yield { first, lines, bytesRead }
    first += lines.length
  }
  if (rest.length > 0) yield { first, lines: [withoutReturn(rest.toString('utf8'))], bytesRead }
}

const LINE_FEED = 10

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Spreadsheets begin a file with a byte order mark, which is no part of the first name. */
function withoutMark(bytes: Buffer, name: string): Buffer {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (isUtf16)
    throw new AdminError(
      'INVALID_IMPORT',
      `${quote(name)} is written in UTF-16; expected UTF-8: save it as "CSV UTF-8"`,
    )
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

/** The part of a line that is there already is cut before the rest of it comes: both may be endless. */
function joined(rest: Buffer, bytes: Buffer): Buffer {
  const ofLine = bytes.indexOf(LINE_FEED)
  return Buffer.concat([cut(Buffer.concat([rest, bytes.subarray(0, ofLine)])), bytes.subarray(ofLine)])
}

function cut(line: Buffer): Buffer {
  return line.length > LONGEST_LINE ? line.subarray(0, LONGEST_LINE + 1) : line
}

function toLines(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8', 0, bytes.length - 1)
  return text.includes('\r') ? text.split('\n').map(withoutReturn) : text.split('\n')
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/** A part of a long text keeps all of it in memory; this does not. For well-formed texts. */
export function detached(text: string): string {
  return Buffer.from(text).toString()
}
