import { AdminError, type ErrorCode } from '../errors.ts'
import { quote } from './quote.ts'

/** What is expected of a text: why it is not that, or `null` if it is. */
export interface Expectation {
  /** Continues "… is not". */
  readonly what: string
  readonly code: ErrorCode
  readonly problemOf: (text: string) => string | null
}

/**
 * Every bad text is reported; one that is given twice counts once.
 *
 * @throws AdminError with the code of the expectation
 */
export function refuseBad(texts: readonly string[], { what, code, problemOf }: Expectation): readonly string[] {
  const bad = texts.flatMap((text) => {
    const problem = problemOf(text)
    return problem === null ? [] : [`${quote(text)} is not ${what}: ${problem}`]
  })
  if (bad.length > 0) throw new AdminError(code, bad.join('\n'))
  return [...new Set(texts)]
}
