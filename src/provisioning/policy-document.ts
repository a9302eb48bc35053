import { isJsonObject, type JsonObject } from '../iam/json-object.ts'

/**
 * Reads a policy as AWS sends it: URL-encoded (IAM API reference, GetRole: RFC 3986) or plain. Only what begins with an
 * encoded brace is decoded, because a plain document may hold a `%` of its own. `null` where it is no JSON object.
 */
export function parsePolicyDocument(text: string): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(/^\s*%7B/i.test(text) ? decodeURIComponent(text) : text)
    return isJsonObject(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** Whether two policies say the same: order, and one value or a list of one, make no difference. */
export function samePolicy(one: JsonObject, other: JsonObject): boolean {
  // Mostly AWS sends what it was sent; that is seen in a tenth of the time.
  return JSON.stringify(one) === JSON.stringify(other) || canonicalPolicy(one) === canonicalPolicy(other)
}

/** One text for all spellings of a statement. */
export function canonicalStatement(statement: JsonObject): string {
  return JSON.stringify(canonical(statement, []))
}

export function statementsOf(policy: JsonObject): readonly JsonObject[] {
  return toList(policy.Statement).filter(isJsonObject)
}

export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

function canonicalPolicy(policy: JsonObject): string {
  // IAM user guide, "IAM JSON policy elements: Version": without one, the policy is of 2008-10-17.
  const { Statement, Version = '2008-10-17', ...others } = policy
  const statements = [...new Set(toList(Statement).map((statement) => JSON.stringify(canonical(statement, []))))].sort()
  return JSON.stringify([Version, canonical(others, []), statements])
}

/** Objects become sorted pairs, lists sorted sets, single values lists of one. `at` is the way down to the value. */
function canonical(value: unknown, at: readonly string[]): unknown {
  if (isJsonObject(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => [foldKey(key, at), canonical(inner, [...at, key])])
    return pairs.map((pair) => JSON.stringify(pair)).sort()
  }
  if (value === '*' && /^(Not)?Principal$/.test(at[0] ?? '') && at.length === 1) return canonical({ AWS: '*' }, at)
  return [...new Set(toList(value).map((element) => foldValue(element, at)))].sort()
}

/** Names of condition operators and keys are case-insensitive (IAM user guide, "IAM JSON policy elements: Condition"). */
function foldKey(key: string, at: readonly string[]): string {
  return at[0] === 'Condition' ? key.toLowerCase() : key
}

/** So are actions; numbers and booleans may be written as strings. */
function foldValue(value: unknown, at: readonly string[]): string {
  if (isJsonObject(value) || Array.isArray(value)) return JSON.stringify(value)
  return /^(Not)?Action$/.test(at[0] ?? '') ? String(value).toLowerCase() : String(value)
}
