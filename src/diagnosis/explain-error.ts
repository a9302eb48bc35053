import { AdminError } from '../errors.ts'
import type { KnownError } from '../known-errors/known-error.ts'
import { knownErrors } from '../known-errors/known-errors.ts'
import { redactSecrets } from './redact-secrets.ts'

export interface ExplainErrorResult {
  /** Each known error once, most specific first. */
  readonly matches: readonly ErrorMatch[]
}

export interface ErrorMatch {
  readonly id: string
  /** The part of the text that was recognised, without secrets. */
  readonly text: string
  readonly meaning: string
  /** Most likely first. */
  readonly causes: readonly string[]
  /** Commands that can be pasted, words in capitals to be replaced. */
  readonly checks: readonly string[]
}

/**
 * What is known of the error messages in a text: one message, or a log of many lines.
 *
 * @throws AdminError USAGE_ARGUMENT for an empty text, NOT_FOUND_EXPLANATION where nothing in it is known
 */
export function explainError(text: string): ExplainErrorResult {
  const trimmed = text.trim()
  if (trimmed === '') throw new AdminError('USAGE_ARGUMENT', 'the text is empty; expected an error message')
  const whole = knownErrors().find(({ wholeText }) => wholeText?.test(trimmed))
  if (whole !== undefined) return { matches: [toMatch(whole, trimmed)] }
  const lines = trimmed.split(/\r\n|\n|\r/)
  const found = matchesIn(lines)
  // A terminal, or whoever sent the message on, may have broken it into lines.
  const matches = found.length > 0 || lines.length > MOST_LINES_OF_ONE ? found : matchesIn([lines.join(' ')])
  if (matches.length === 0) throw nothingKnown(lines.length)
  return { matches }
}

const MOST_LINES_OF_ONE = 30

function matchesIn(lines: readonly string[]): readonly ErrorMatch[] {
  const texts = new Map<KnownError, string>()
  for (const line of new Set(lines)) {
    for (const [known, text] of recognised(line)) if (!texts.has(known)) texts.set(known, text)
  }
  return knownErrors().flatMap((known) => {
    const text = texts.get(known)
    return text === undefined ? [] : [toMatch(known, text)]
  })
}

/** A general error only where nothing else is, and none inside another one. */
function* recognised(line: string): Generator<readonly [KnownError, string]> {
  const taken: { readonly from: number; readonly to: number }[] = []
  for (const known of knownErrors()) {
    if (known.isGeneral && taken.length > 0) return
    const seen = known.pattern.exec(line)
    if (seen === null) continue
    const [text] = seen
    const [from, to] = [seen.index, seen.index + text.length]
    if (taken.some((other) => from < other.to && other.from < to)) continue
    taken.push({ from, to })
    yield [known, text]
  }
}

function toMatch({ id, meaning, causes, checks }: KnownError, text: string): ErrorMatch {
  return { id, text: redactSecrets(text), meaning, causes, checks }
}

function nothingKnown(lines: number): AdminError {
  const what = lines === 1 ? 'this message' : `any of these ${lines} lines`
  const advice =
    'often the first error of a log counts, not the last; RDS says why it refused a login only in its log iam-db-auth-error'
  return new AdminError('NOT_FOUND_EXPLANATION', `admin has no explanation for ${what}\n${advice}`)
}
