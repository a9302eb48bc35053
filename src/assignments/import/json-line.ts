import type { Instant } from '../../clock.ts'
import { isJsonObject, type JsonObject, kindOfValue, ownValue } from '../../iam/json-object.ts'
import { quote } from '../../iam/quote.ts'

/** A line of JSON Lines whose shape is right; its values are still to be checked. */
export interface JsonEntry {
  readonly username: string
  readonly roleArns: readonly string[]
  /** `undefined` where the line has none. */
  readonly expiresAt: string | null | undefined
}

/** `username` is there where it could be read although the rest is wrong. */
export interface JsonProblem {
  readonly problem: string
  readonly username?: string
}

const KEYS: readonly string[] = ['username', 'roleArns', 'expiresAt']
const EXPECTED = 'expected {"username": "…", "roleArns": ["arn:…"]}'

export function parseJsonLine(line: string): JsonEntry | JsonProblem {
  const value = parseJson(line)
  if (!isJsonObject(value)) return { problem: `is not a JSON object: ${quote(line)}; ${EXPECTED}` }
  const username = ownValue(value, 'username')
  if (typeof username !== 'string') return { problem: `${wrongType('username', username, 'a text')}; ${EXPECTED}` }
  const problem = unknownKey(value) ?? rolesProblem(value) ?? endProblem(value)
  if (problem !== null) return { problem, username }
  return {
    username,
    roleArns: ownValue(value, 'roleArns') as readonly string[],
    expiresAt: ownValue(value, 'expiresAt') as Instant | null | undefined,
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function wrongType(key: string, value: unknown, expected: string): string {
  return value === undefined ? `has no ${key}` : `has ${kindOfValue(value)} as ${key}, expected ${expected}`
}

function unknownKey(value: JsonObject): string | null {
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key))
  return unknown === undefined ? null : `has the unknown key ${quote(unknown)}, expected ${KEYS.join(', ')}`
}

function rolesProblem(value: JsonObject): string | null {
  const roleArns = ownValue(value, 'roleArns')
  if (!Array.isArray(roleArns)) return wrongType('roleArns', roleArns, 'a list of texts')
  const odd = roleArns.findIndex((arn) => typeof arn !== 'string')
  if (odd !== -1) return `has ${kindOfValue(roleArns[odd])} as element ${odd + 1} of roleArns, expected a text`
  return roleArns.length > 0 ? null : 'has an empty list of roleArns; unset-aws-role-arns or --prune takes roles away'
}

function endProblem(value: JsonObject): string | null {
  const end = ownValue(value, 'expiresAt')
  if (end === undefined || end === null || typeof end === 'string') return null
  return wrongType('expiresAt', end, 'a moment like 2027-03-01T17:00:00Z, or null')
}
