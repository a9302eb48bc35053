import type { EventState } from './event.ts'

/**
 * The state that an event holds, `null` where it is none: a row that somebody edited may hold anything, and reading the
 * log must survive it; `audit verify` names it.
 */
export function parseEventState(text: string | null): EventState | null {
  const value = parseJsonObject(text)
  if (value === null) return null
  const { source, roleArns, expiresAt = null } = value
  if ((source !== 'cli' && source !== 'sso') || !isTexts(roleArns)) return null
  return expiresAt === null || typeof expiresAt === 'string' ? { source, roleArns, expiresAt } : null
}

/** `null` for all that is no JSON object. */
export function parseJsonObject(text: string | null): Readonly<Record<string, unknown>> | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
