import type { Instant } from '../../clock.ts'
import { quote } from '../../iam/quote.ts'
import { isCsvHeader } from './csv-line.ts'
import { csvReader } from './csv-reader.ts'
import { type BadLine, badLine, type Entry, type Findings, type LineReader } from './entry.ts'
import type { ImportFile } from './import-file.ts'
import { jsonReader } from './json-reader.ts'
import { LONGEST_LINE, lineBlocks } from './lines.ts'

/** What lines that follow each other say. */
export interface EntryBlock {
  readonly entries: readonly Entry[]
  readonly lines: number
  /** How much of it all has been read with them, between 0 and 1. */
  readonly part: number
}

/**
 * What the file says, line by line; blank lines and the header say nothing. Bad lines go to the findings. The first
 * line that is not blank decides what the file is: JSON Lines begin with a brace.
 *
 * @param now an assignment cannot end before
 */
export function* readEntries(file: ImportFile, now: Instant, findings: Findings): Generator<EntryBlock> {
  const readLine = fileReader(now, findings)
  for (const { first, lines, bytesRead } of lineBlocks(file)) {
    const entries: Entry[] = []
    for (let index = 0; index < lines.length; index += 1) {
      const read = readLine(lines[index] ?? '', first + index)
      if (read === null) continue
      if ('reason' in read) findings.bad.push(read)
      else entries.push(read)
    }
    yield { entries, lines: lines.length, part: bytesRead / file.bytes }
  }
}

/** `null` is for lines that say nothing. */
function fileReader(now: Instant, findings: Findings): (line: string, number: number) => Entry | BadLine | null {
  let readLine: LineReader | null = null
  return (line, number) => {
    if (isBlank(line)) return null
    if (readLine === null) {
      readLine = line.trimStart().startsWith('{') ? jsonReader(now, findings) : csvReader()
      if (isCsvHeader(line)) return null
    }
    return isTooLong(line) ? tooLong(line, number) : readLine(line, number)
  }
}

function isBlank(line: string): boolean {
  return line === '' || (line.charCodeAt(0) <= SPACE && line.trim() === '')
}

const SPACE = 32

function isTooLong(line: string): boolean {
  return line.length > LONGEST_LINE / 4 && Buffer.byteLength(line) > LONGEST_LINE
}

function tooLong(line: string, number: number): BadLine {
  return badLine(number, `is longer than ${LONGEST_LINE} bytes: ${quote(line)}`, null)
}
