/** A pattern as shells and IAM have it: `*` stands for any characters, `?` for one; all others stand for themselves. */
export interface Glob {
  readonly text: string
  /** What stands before the first wildcard. */
  readonly prefix: string
  /** No wildcard: only the text itself matches. */
  readonly isLiteral: boolean
}

export function parseGlob(text: string): Glob {
  const prefix = /^[^*?]*/.exec(text)?.[0] ?? ''
  return { text, prefix, isLiteral: prefix.length === text.length }
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
