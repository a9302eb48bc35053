import type { ErrorMatch, ExplainErrorResult } from '../diagnosis/explain-error.ts'
import { escapeControls } from '../iam/quote.ts'

export function describeKnownErrors({ matches }: ExplainErrorResult): string {
  return matches.map(describeMatch).join('\n\n')
}

function describeMatch({ id, text, meaning, causes, checks }: ErrorMatch): string {
  return [
    `${escapeControls(text)}  (${id})`,
    `  ${meaning}`,
    '  most likely first:',
    ...causes.map((cause, index) => `    ${index + 1}. ${cause}`),
    '  look first at:',
    ...checks.map((check) => `    $ ${check}`),
  ].join('\n')
}
