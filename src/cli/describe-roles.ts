import type { GetRoleArnsAnswer, GetRoleArnsResult } from '../assignments/get.ts'
import { escapeControls, quote, shellQuote } from '../iam/quote.ts'

/** The list as `set-aws-role-arns` takes it, or, in long form, a line for each thing that is known. */
export function describeRoleArns(result: GetRoleArnsResult, isLong: boolean): string {
  if (!isLong) return result.roleArns.join(',')
  const rows: readonly (readonly [string, string | null])[] = [
    ['user', result.username],
    ['role ARNs', result.roleArns.join(',') || null],
    ['source', result.source],
    ['set at', result.setAt],
    ['set by', result.setBy],
    ['expires at', result.source === null ? null : (result.expiresAt ?? 'never')],
    ['session name', result.roleSessionName],
    ['subject', result.subject],
  ]
  return rows
    .flatMap(([label, value]) => (value === null ? [] : [`${`${label}:`.padEnd(14)}${escapeControls(value)}`]))
    .join('\n')
}

/** For stderr, where stdout stays empty: why there is nothing, and what would change that. */
export function describeNothing({ result, expiredAt, near }: GetRoleArnsAnswer): string {
  const who = quote(result.username)
  if (result.source === 'sso') return `${who} has no AWS roles: single sign-on asserts an empty list`
  const next = `give some: admin set-aws-role-arns ${shellQuote(result.username)} ARN[,ARN…]`
  if (expiredAt !== null) return `${who} has no AWS roles any more: they expired at ${expiredAt}\n${next}`
  const question = near.length === 0 ? '' : `; did you mean ${near.map(quote).join(' or ')}?`
  return `${who} has no AWS roles${question}\n${next}`
}
