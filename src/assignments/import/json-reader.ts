import type { Instant } from '../../clock.ts'
import { AdminError } from '../../errors.ts'
import { quote } from '../../iam/quote.ts'
import type { RoleArn } from '../../iam/role-arn.ts'
import { MOST_ROLES } from '../../iam/role-arn-list.ts'
import { parseInstant } from '../expiry.ts'
import { badLine, type Findings, type LineReader } from './entry.ts'
import { parseJsonLine } from './json-line.ts'
import { type CheckedRoleArn, crossing, roleArnChecks } from './role-arn-checks.ts'
import { usernameChecks, withReason } from './username-checks.ts'

type Checked<T> = T | { readonly reason: string }

/**
 * Reads JSON Lines. A role that one line names twice goes to the findings.
 *
 * @param now an assignment cannot end before
 */
export function jsonReader(now: Instant, findings: Findings): LineReader {
  const checkArn = roleArnChecks()
  const checkName = usernameChecks()
  return (line, number) => {
    const parsed = parseJsonLine(line)
    if ('problem' in parsed) {
      const name = parsed.username === undefined ? null : checkName(parsed.username)
      return badLine(number, name === null ? parsed.problem : withReason(name, parsed.problem), name?.username ?? null)
    }
    const name = checkName(parsed.username)
    const roles = checkRoles(parsed.roleArns, checkArn)
    if ('reason' in roles) return badLine(number, withReason(name, roles.reason), name.username)
    const end = checkEnd(parsed.expiresAt, now)
    if ('reason' in end) return badLine(number, withReason(name, end.reason), name.username)
    if (name.username === null) return badLine(number, name.reason, null)
    findings.duplicates += parsed.roleArns.length - roles.roleArns.length
    return { line: number, username: name.username, roleArns: roles.roleArns, isWhole: true, expiresAt: end.expiresAt }
  }
}

function checkRoles(
  texts: readonly string[],
  checkArn: (text: string) => CheckedRoleArn,
): Checked<{ readonly roleArns: readonly RoleArn[] }> {
  if (texts.length > MOST_ROLES)
    return { reason: `has ${texts.length} role ARNs, at most ${MOST_ROLES} are allowed for one user` }
  const roleArns = new Set<RoleArn>()
  let first: RoleArn | undefined
  for (const [index, text] of texts.entries()) {
    const checked = checkArn(text)
    const reason = 'reason' in checked ? checked.reason : crossing(first, checked.arn)
    if (reason !== null) return { reason: `element ${index + 1} of ${texts.length} of roleArns: ${reason}` }
    if ('reason' in checked) continue
    first ??= checked.arn
    roleArns.add(checked.arn)
  }
  return { roleArns: [...roleArns] }
}

function checkEnd(
  text: string | null | undefined,
  now: Instant,
): Checked<{ readonly expiresAt: Instant | null | undefined }> {
  if (text === null || text === undefined) return { expiresAt: text }
  try {
    const moment = parseInstant(text, 'INVALID_EXPIRY')
    return moment > now ? { expiresAt: moment } : { reason: `expiresAt ${quote(text)} has passed: now is ${now}` }
  } catch (error) {
    if (error instanceof AdminError) return { reason: `expiresAt ${error.message}` }
    throw error
  }
}
