import { type ErrorCode, exitCodes } from '../errors.ts'
import type { KnownError } from './known-error.ts'

/** What is behind some codes of this program; the sentence is what their errors say where nobody prints the code. */
export interface CodeWords extends Pick<KnownError, 'id' | 'meaning' | 'causes' | 'checks'> {
  readonly codes: readonly ErrorCode[]
  readonly sentence?: RegExp
}

const CODES = Object.keys(exitCodes) as ErrorCode[]

/**
 * The same, known by the codes as `--json` prints them, as a listing does in parentheses, and as the whole of a text;
 * general, for the message beside a code says more.
 */
export function knownByCode({ codes, sentence, ...words }: CodeWords): KnownError {
  const printed = codes.flatMap((code) => [`"code": {0,3}"${code}"`, inParentheses(code)])
  const pattern = new RegExp([...(sentence === undefined ? [] : [sentence.source]), ...printed].join('|'))
  const whole = codes.length > 0 && { wholeText: new RegExp(`^(?:${codes.join('|')})$`, 'i') }
  return { ...words, pattern, ...whole, isGeneral: true, source: 'src/errors.ts, the table of exit codes' }
}

/** The codes of a family that have no words of their own. */
export function othersOf(family: RegExp, special: readonly CodeWords[]): readonly ErrorCode[] {
  const taken = new Set(special.flatMap(({ codes }) => codes))
  return CODES.filter((code) => family.test(code) && !taken.has(code))
}

/** A word such as INTERNAL stands in the logs of others too. */
function inParentheses(code: ErrorCode): string {
  return code.includes('_') ? `\\(${code}\\)` : `\\bfailed \\(${code}\\)`
}
