const LONGEST_SHOWN = 40

/** How a message names a key of a file, with all keys above it. */
export function showPath(path: readonly PropertyKey[]): string {
  return path.map(showKey).join('.') || 'the file'
}

/** Short values are shown: they are slips of the pen. Longer ones may be somebody's secret. */
export function kindOf(value: unknown): string {
  const shown = JSON.stringify(value)
  const isScalar = typeof value !== 'object'
  return isScalar && shown.length <= LONGEST_SHOWN && !/[\r\n]/.test(String(value))
    ? `the ${typeof value === 'string' ? 'text' : typeof value} ${shown}`
    : typeOf(value)
}

export function typeOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`
}

function showKey(key: PropertyKey): string {
  const text = String(key)
  return text.length > LONGEST_SHOWN || /[\r\n]/.test(text) ? `(a key of ${text.length} characters)` : text
}
