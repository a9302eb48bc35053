import type { ImportResult, SkippedUser } from '../assignments/import/import.ts'
import { describeInvalid } from '../assignments/import/refuse-import.ts'
import { escapeControls } from '../iam/quote.ts'

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

/** What a person should look at beside the answer; `null` where all is well. */
export function importWarnings({ invalid }: ImportResult, duplicates: number): readonly string[] {
  const many = invalid.length === 1 ? '1 invalid line was' : `${invalid.length} invalid lines were`
  const repeated = duplicates === 1 ? '1 role ARN stands' : `${duplicates} role ARNs stand`
  return [
    ...(invalid.length > 0 ? [[`${many} left out`, ...describeInvalid(invalid)].join('\n')] : []),
    ...(duplicates > 0 ? [`${repeated} more than once for the same user; each counts once`] : []),
  ]
}
