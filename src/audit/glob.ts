import { AdminError } from '../errors.ts'

/** In characters; no user name has more than 256, no role ARN more than 700. */
const LONGEST = 2048
/** Each of them is held against every text that its beginning does not rule out. */
const MOST_PATTERNS = 1000

/** A pattern as shells and IAM have it: `*` stands for any characters, `?` for one; all others stand for themselves. */
export interface Glob {
  readonly text: string
  /** What stands before the first wildcard. */
  readonly prefix: string
  /** No wildcard: only the text itself matches. */
  readonly isLiteral: boolean
}

/** @throws AdminError USAGE_FLAG for what is longer than anything that it could match */
export function parseGlob(text: string): Glob {
  if (text.length > LONGEST)
    throw new AdminError(
      'USAGE_FLAG',
      `a filter has ${text.length} characters, at most ${LONGEST} are read: no name or ARN is as long`,
    )
  const prefix = /^[^*?]*/.exec(text)?.[0] ?? ''
  return { text, prefix, isLiteral: prefix.length === text.length }
}

/**
 * The values of one filter: any number of texts, but not of patterns.
 *
 * @throws AdminError USAGE_FLAG
 */
export function parseGlobs(texts: readonly string[], parse: (text: string) => Glob = parseGlob): readonly Glob[] {
  const globs = texts.map((text) => parse(text))
  const patterns = globs.filter(({ isLiteral }) => !isLiteral).length
  if (patterns <= MOST_PATTERNS) return globs
  const advice = 'what has no wildcard may be given any number of times'
  throw new AdminError(
    'USAGE_FLAG',
    `a filter has ${patterns} values with wildcards, at most ${MOST_PATTERNS} are searched for\n${advice}`,
  )
}

/** The text itself, whatever characters it has. */
export function literal(text: string): Glob {
  return { text, prefix: text, isLiteral: true }
}

/** As both engines match it. Time is the product of the lengths at most, whatever the pattern. */
export function matchesGlob({ text: pattern, isLiteral }: Glob, text: string): boolean {
  if (isLiteral) return text === pattern
  const [wanted, given] = [Array.from(pattern), Array.from(text)]
  let [at, place] = [0, 0]
  let [star, resume] = [-1, 0]
  while (at < given.length) {
    if (wanted[place] === '*') [star, resume, place] = [place, at, place + 1]
    else if (wanted[place] === '?' || (place < wanted.length && wanted[place] === given[at]))
      [at, place] = [at + 1, place + 1]
    else if (star === -1) return false
    // The star takes one character more.
    else [at, place, resume] = [resume + 1, star + 1, resume + 1]
  }
  return wanted.slice(place).every((character) => character === '*')
}

/**
 * The first text that sorts after all that begin with `prefix`, in the order of code points; `null` where there is none.
 * Both engines keep their texts in that order (SQLite BINARY, PostgreSQL "C"): a prefix is a range of an index.
 */
export function afterPrefix(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  while (points.at(-1) === LAST_CODE_POINT) points.pop()
  const last = points.pop()
  if (last === undefined) return null
  // Surrogates are no characters of a text.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}

const LAST_CODE_POINT = 0x10ffff
