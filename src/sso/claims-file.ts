import { AdminError } from '../errors.ts'
import { isJsonObject, type JsonObject, kindOfValue } from '../iam/json-object.ts'
import { containsToken } from './token-text.ts'

/** The claims of one login, and on which line of the file they stand. */
export interface ClaimsLine {
  readonly line: number
  readonly claims: JsonObject
}

/** One object, over as many lines as it likes, or JSON Lines: one object a line. */
export type ClaimsFile =
  | { readonly kind: 'one'; readonly claims: JsonObject }
  | { readonly kind: 'lines'; readonly lines: readonly ClaimsLine[] }

type Refuse = (
  message: string,
  suggestions?: readonly string[],
  details?: Readonly<Record<string, unknown>>,
) => AdminError

/**
 * Reads what `sso rehearse` takes. What is wrong is named by its line and never repeated.
 *
 * @param source the file in words, for messages
 * @throws AdminError INVALID_CLAIMS_FILE
 */
export function parseClaimsFile(text: string, source: string): ClaimsFile {
  const whole = parseJson(text)
  const refuse: Refuse = (message, suggestions = [], details = {}) =>
    new AdminError('INVALID_CLAIMS_FILE', `${source}: ${message}`, { suggestions, details: { source, ...details } })
  if (isJsonObject(whole)) return { kind: 'one', claims: whole }
  if (text.trim() === '') throw refuse('the claims file is empty; expected a JSON object')
  if (containsToken(text) && !text.trimStart().startsWith('{')) {
    throw refuse('that is a token, not its claims', ['admin sso apply-claims --dry-run --id-token-file FILE'])
  }
  const hint = Array.isArray(whole) ? ["jq -c '.[]' FILE | admin sso rehearse --claims -"] : []
  const lines = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, index + 1, hint, refuse)]))
  return { kind: 'lines', lines }
}

function parseLine(text: string, line: number, suggestions: readonly string[], refuse: Refuse): ClaimsLine {
  const value = parseJson(text)
  if (isJsonObject(value)) return { line, claims: value }
  const problem = value === undefined ? 'is not valid JSON' : `is ${kindOfValue(value)}, expected an object`
  throw refuse(`line ${line} of the claims file ${problem}`, suggestions, { line })
}

/** `undefined` where the text is no JSON. V8's own message repeats the text, which may be confidential. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
