/**
 * Two or more parts in base64url with dots between, the first of which is the beginning of a JSON object: a JWT
 * (RFC 7519 §3). Long enough to spare host names.
 */
const FIRST_PART = /(?:ey[A-Z]|ew[0ok])[\w-]{12}/
const SHORTEST_SECOND_PART = 8

/** In one pass: an attacker may choose the text, and one expression for all parts would try it from every letter. */
const RUN = /[\w.-]+/g

export function containsToken(text: string): boolean {
  for (const [run] of text.matchAll(RUN)) if (tokenStart(run) !== -1) return true
  return false
}

/** The last line of defence for what is printed: a token that went astray in an argument is not repeated. */
export function redactTokens(text: string): string {
  return text.replace(RUN, (run) => {
    const start = tokenStart(run)
    return start === -1 ? run : `${run.slice(0, start)}[token]`
  })
}

/** Where the first part of a token begins; it ends with the run. */
function tokenStart(run: string): number {
  const parts = run.split('.')
  let offset = 0
  for (const [index, part] of parts.entries()) {
    const isFollowed = (parts[index + 1]?.length ?? 0) >= SHORTEST_SECOND_PART
    const start = isFollowed ? part.search(FIRST_PART) : -1
    if (start !== -1) return offset + start
    offset += part.length + 1
  }
  return -1
}
