/**
 * Two or more parts in base64url with dots between, the first of which is the beginning of a JSON object: a JWT
 * (RFC 7519 §3). Long enough to spare host names.
 */
const TOKEN = /(?:ey[A-Z]|ew[0ok])[\w-]{12,}\.[\w-]{8,}(?:\.[\w-]*)*/g

export function containsToken(text: string): boolean {
  return text.search(TOKEN) !== -1
}

/** The last line of defence for what is printed: a token that went astray in an argument is not repeated. */
export function redactTokens(text: string): string {
  return text.replace(TOKEN, '[token]')
}
