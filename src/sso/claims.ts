import { type Username, usernameProblem } from '../assignments/username.ts'
import type { ClaimRules } from '../config/config.ts'
import { AdminError } from '../errors.ts'
import { type JsonObject, kindOfValue } from '../iam/json-object.ts'
import { quote } from '../iam/quote.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import { parseRoleArns, type RoleArnList } from '../iam/role-arn-list.ts'
import { isRoleSessionName, type RoleSessionName } from '../iam/role-session-name.ts'

/** What a login says of a person's roles. */
export interface RoleClaims {
  /** `null` where the claim is absent; an empty list is a list. */
  readonly roleArns: readonly RoleArn[] | null
  readonly roleSessionName: RoleSessionName | null
  /** Role ARNs that the claim holds more than once. */
  readonly duplicates: readonly RoleArn[]
}

/** @throws AdminError TOKEN_USERNAME */
export function readUsername(payload: JsonObject, { usernameClaim }: ClaimRules): Username {
  if (!Object.hasOwn(payload, usernameClaim)) {
    const present = Object.keys(payload).slice(0, 30).map(quote).join(', ')
    throw usernameRefused(usernameClaim, `is not there; the claims are ${present || 'none at all'}`)
  }
  const value = payload[usernameClaim]
  if (typeof value !== 'string') throw usernameRefused(usernameClaim, `is ${kindOfValue(value)}, expected a text`)
  const username = value.normalize('NFC')
  const problem = usernameProblem(username)
  if (problem !== null) throw usernameRefused(usernameClaim, `is ${quote(value)}, which is not a user name: ${problem}`)
  return username as Username
}

/**
 * Reads the role claims. Malformed is not absent: what cannot be understood refuses the login instead of letting it
 * pass without roles, or with those that were set by hand.
 *
 * @throws AdminError TOKEN_CLAIMS
 */
export function readRoleClaims(payload: JsonObject, rules: ClaimRules): RoleClaims {
  const list = Object.hasOwn(payload, rules.roleArnClaim) ? readRoleArns(payload[rules.roleArnClaim], rules) : null
  return {
    roleArns: list?.roleArns ?? null,
    duplicates: list?.duplicates ?? [],
    roleSessionName: readRoleSessionName(payload, rules.roleSessionNameClaim),
  }
}

function readRoleArns(value: unknown, rules: ClaimRules): RoleArnList {
  const claim = rules.roleArnClaim
  const elements = typeof value === 'string' ? elementsOfText(value, rules) : value
  if (!Array.isArray(elements)) {
    throw claimRefused(claim, `is ${kindOfValue(value)}, expected a text or a list of texts`)
  }
  const odd = elements.findIndex((element) => typeof element !== 'string')
  if (odd !== -1) {
    const seen = kindOfValue(elements[odd])
    throw claimRefused(claim, `has ${seen} as element ${odd + 1} of ${elements.length}, expected texts`)
  }
  try {
    return parseRoleArns(elements, 'TOKEN_CLAIMS')
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    throw claimRefused(claim, `is malformed\n${error.message}`, error.details)
  }
}

/** One role ARN, or several with commas between; a JSON list only where the configuration says so. */
function elementsOfText(text: string, { roleArnClaim, acceptJsonString }: ClaimRules): unknown {
  const trimmed = text.trim()
  if (trimmed === '') throw claimRefused(roleArnClaim, 'is an empty text; a person without roles is an empty list, []')
  if (!/^[[{"]/.test(trimmed)) return trimmed.split(',')
  if (!acceptJsonString) {
    const fix =
      'have the identity provider send a list, or set acceptJsonString: true under sso: in the configuration file'
    throw claimRefused(roleArnClaim, `is JSON inside a text\n${fix}`)
  }
  const list = parseJsonList(trimmed)
  if (list === null) throw claimRefused(roleArnClaim, 'is JSON inside a text, but not a list of texts')
  return list
}

function parseJsonList(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function readRoleSessionName(payload: JsonObject, claim: string): RoleSessionName | null {
  if (!Object.hasOwn(payload, claim)) return null
  const value = payload[claim]
  if (typeof value !== 'string') throw claimRefused(claim, `is ${kindOfValue(value)}, expected a text`)
  if (isRoleSessionName(value)) return value
  throw claimRefused(claim, `is ${quote(value)}, expected 2 to 64 characters, letters, digits and _+=,.@-`)
}

function claimRefused(claim: string, problem: string, details: object = {}): AdminError {
  return new AdminError('TOKEN_CLAIMS', `the claim ${quote(claim)} ${problem}`, { details: { claim, ...details } })
}

function usernameRefused(claim: string, problem: string): AdminError {
  return new AdminError('TOKEN_USERNAME', `the claim ${quote(claim)} ${problem}`, { details: { claim } })
}
