import { quote } from '../../iam/quote.ts'

export type CsvPair = { readonly username: string; readonly roleArn: string } | { readonly problem: string }

const CELL = '(?:"((?:[^"]|"")*)"|([^",]*))'
const PAIR = new RegExp(`^${CELL},${CELL}$`, 's')
const HEADER = /^"?username"?,"?role_arn"?$/

/**
 * Where a spreadsheet would run a formula (OWASP, "CSV Injection"), also behind apostrophes and behind a semicolon, where
 * many spreadsheets begin the next cell.
 */
const FORMULA = /(^|;)(?='*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/g
const DEFUSED = /(^|;)'(?='*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/g

/** The first line may name the columns. */
export function isCsvHeader(line: string): boolean {
  return HEADER.test(line)
}

/**
 * Reads one pair. A record is one line: neither a user name nor a role ARN may hold a line break, so a quotation mark
 * that is not closed spoils its own line and no other.
 */
export function parseCsvLine(line: string): CsvPair {
  if (line.includes('"')) return parseQuoted(line)
  const comma = line.indexOf(',')
  if (comma === -1) return { problem: columnsProblem(line, 1) }
  if (line.indexOf(',', comma + 1) !== -1) return { problem: columnsProblem(line, line.split(',').length) }
  return { username: armed(line.slice(0, comma)), roleArn: armed(line.slice(comma + 1)) }
}

function parseQuoted(line: string): CsvPair {
  const match = PAIR.exec(line)
  if (match === null) return { problem: quotedProblem(line) }
  const [, quotedName, name = '', quotedArn, arn = ''] = match
  return { username: armed(unquoted(quotedName) ?? name), roleArn: armed(unquoted(quotedArn) ?? arn) }
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replaceAll('""', '"')
}

/** The cell as it is exported, with an apostrophe before what a spreadsheet would run; reading takes it away. */
export function defused(cell: string): string {
  return cell.replaceAll(FORMULA, "$1'")
}

/** Undoes {@link defused}. */
function armed(cell: string): string {
  return cell.includes("'") ? cell.replaceAll(DEFUSED, '$1') : cell
}

function columnsProblem(line: string, count: number): string {
  const seen = `has ${count} ${count === 1 ? 'column' : 'columns'}, expected 2, username,role_arn: ${quote(line)}`
  return count > 2 ? `${seen}; each role has a line of its own` : seen
}

function quotedProblem(line: string): string {
  const columns = line.match(new RegExp(`(?:^|,)${CELL}(?=,|$)`, 'gs'))
  if (columns?.join('') === line && columns.length !== 2) return columnsProblem(line, columns.length)
  return `has a quotation mark out of place: ${quote(line)}; in CSV a cell stands in quotation marks as a whole, and "" is one of its own`
}
