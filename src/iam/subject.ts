import { tokenValueProblem } from './client-id.ts'
import { type Expectation, refuseBad } from './parse-each.ts'

declare const subject: unique symbol

/** The `sub` claim of one person: what the identity provider calls them, and never anybody else. */
export type Subject = string & { readonly [subject]: true }

const expected: Expectation = {
  what: 'a subject',
  code: 'INVALID_SUBJECT',
  problemOf: (text) => tokenValueProblem(text) ?? wildcardProblem(text),
}

/**
 * Rules: OpenID Connect Core 1.0 §2 (255 ASCII characters). `*` and `?` are refused: `StringEquals` takes them
 * literally, so a pattern would match nobody (IAM user guide, "String condition operators").
 *
 * @throws AdminError INVALID_SUBJECT with every bad one
 */
export function parseSubjects(texts: readonly string[]): readonly Subject[] {
  return refuseBad(texts, expected) as readonly Subject[]
}

/** Rules as for {@link parseSubjects}. */
export function parseSubject(text: string): Subject {
  refuseBad([text], expected)
  return text as Subject
}

function wildcardProblem(text: string): string | null {
  return /[*?]/.test(text) ? 'it has a wildcard, which would be taken literally; name each subject' : null
}
