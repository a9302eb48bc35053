import { AdminError } from '../../errors.ts'
import { quote } from '../../iam/quote.ts'
import type { BadLine, InvalidLine } from './entry.ts'
import type { Survey } from './survey.ts'

const MOST_SHOWN = 10

export interface ImportRules {
  /** Users whose roles were set here and who are not in the file lose them. */
  readonly isPruning: boolean
  /** What is wrong in the file is left out. */
  readonly skipsInvalid: boolean
}

/**
 * Refuses a file as the rules say. A file that takes roles away must name somebody, and whoever stands on a bad line of
 * it must be known: their roles would be taken for a slip of the pen.
 *
 * @throws AdminError INVALID_IMPORT
 */
export function refuseImport(survey: Survey, { isPruning, skipsInvalid }: ImportRules): void {
  const file = fileWords(survey)
  if (!skipsInvalid && survey.bad.length > 0) throw invalidImport(survey.bad, file, '')
  if (!isPruning) return
  if (survey.people === 0) {
    const advice = '--prune would take the roles of everybody; unset-aws-role-arns takes those of one'
    throw new AdminError('INVALID_IMPORT', `${file} has no valid line\n${advice}`)
  }
  const nameless = survey.bad.filter(({ username }) => username === null)
  if (nameless.length > 0) throw invalidImport(nameless, file, ', so that --prune cannot tell whom to spare')
}

export function fileWords({ fileName }: Pick<Survey, 'fileName'>): string {
  return fileName === '-' ? 'standard input' : quote(fileName)
}

function invalidImport(bad: readonly BadLine[], file: string, so: string): AdminError {
  const invalid = toInvalidLines(bad)
  const many = invalid.length === 1 ? `1 line of ${file} is` : `${invalid.length} lines of ${file} are`
  return new AdminError('INVALID_IMPORT', [`${many} invalid${so}`, ...describeInvalid(invalid)].join('\n'), {
    details: { invalid },
  })
}

export function toInvalidLines(bad: readonly BadLine[]): readonly InvalidLine[] {
  return bad.map(({ line, reason }) => ({ line, reason }))
}

/** The first of them, and how many more there are. */
export function describeInvalid(invalid: readonly InvalidLine[]): readonly string[] {
  const shown = invalid.slice(0, MOST_SHOWN).map(({ line, reason }) => `line ${line}: ${reason}`)
  return invalid.length > MOST_SHOWN ? [...shown, `… and ${invalid.length - MOST_SHOWN} more`] : shown
}
