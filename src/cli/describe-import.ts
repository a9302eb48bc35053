import type { ImportResult, SkippedUser } from '../assignments/import/import.ts'
import { describeInvalid, fileWords } from '../assignments/import/refuse-import.ts'
import { escapeControls } from '../iam/quote.ts'
import type { RunImportAnswer } from './run-import.ts'

const MOST_SHOWN = 10

/** What became of everybody, in numbers. */
export function describeImport(result: ImportResult, isDryRun: boolean): string {
  const { created, replaced, unchanged, removed, skipped, invalid } = result
  const counts = { created, replaced, unchanged, removed, skipped: skipped.length, 'invalid lines': invalid.length }
  const shown = Object.entries(counts).map(([word, count]) => `${count.toLocaleString('en')} ${word}`)
  return [`${isDryRun ? 'would be: ' : ''}${shown.join(', ')}`, ...describeSkipped(skipped)].join('\n')
}

function describeSkipped(skipped: readonly SkippedUser[]): readonly string[] {
  const shown = skipped
    .slice(0, MOST_SHOWN)
    .map(({ username, reason }) => `  skipped ${escapeControls(username)}: ${reason}`)
  return skipped.length > MOST_SHOWN ? [...shown, `  … and ${skipped.length - MOST_SHOWN} more`] : shown
}

/** Whom `--prune` takes the roles, or would; nothing where it is nobody. */
export function describeLosers({ result, losers }: RunImportAnswer, isDryRun: boolean): readonly string[] {
  if (losers.length === 0) return []
  const rest = result.removed - losers.length
  const lines = [
    `${isDryRun ? 'would lose' : 'lost'} their roles:`,
    ...losers.map((name) => `  ${escapeControls(name)}`),
  ]
  return [[...lines, ...(rest > 0 ? [`  … and ${rest.toLocaleString('en')} more`] : [])].join('\n')]
}

/** What a person should look at beside the answer; nothing where all is well. */
export function importWarnings({ result: { invalid }, survey }: RunImportAnswer): readonly string[] {
  const { lines, people, duplicates } = survey
  const many = invalid.length === 1 ? '1 invalid line was' : `${invalid.length} invalid lines were`
  const repeated = duplicates === 1 ? '1 role ARN stands' : `${duplicates} role ARNs stand`
  const isSilent = people === 0 && invalid.length === 0
  return [
    ...(isSilent ? [`${fileWords(survey)} ${lines === 0 ? 'is empty: it ' : ''}says nothing of anybody`] : []),
    ...(invalid.length > 0 ? [[`${many} left out`, ...describeInvalid(invalid)].join('\n')] : []),
    ...(duplicates > 0 ? [`${repeated} more than once for the same user; each counts once`] : []),
  ]
}
