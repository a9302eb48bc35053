import chalk from 'chalk'
import type { PreviousAssignment } from '../assignments/assignment.ts'
import type { SetRoleArnsResult } from '../assignments/set.ts'
import type { UnsetRoleArnsResult } from '../assignments/unset.ts'
import { escapeControls } from '../iam/quote.ts'

/** What changed, role by role: `+` new, `-` gone, `=` as before. */
export function describeSet(result: SetRoleArnsResult, isDryRun: boolean): string {
  const who = escapeControls(result.username)
  const many = countRoles(result.roleArns.length)
  const until = result.expiresAt === null ? '' : ` until ${result.expiresAt}`
  if (result.outcome === 'unchanged') return `${who} already has ${many}${until}; nothing to do`
  const verb = isDryRun ? 'would have' : 'now has'
  const origin = result.previous?.source === 'sso' ? ', in place of what single sign-on said, until the next login' : ''
  return [`${who} ${verb} ${many}${until}${origin}`, ...describeRoleChanges(result.previous, result.roleArns)].join(
    '\n',
  )
}

export function describeUnset(result: UnsetRoleArnsResult, isDryRun: boolean): string {
  const who = escapeControls(result.username)
  if (result.outcome === 'unchanged') return `${who} has no AWS roles; nothing to do`
  const origin =
    result.previous?.source === 'sso' ? ' (they came from single sign-on and may come back at the next login)' : ''
  const verb = isDryRun ? 'would have' : 'now has'
  return [`${who} ${verb} no AWS roles${origin}`, ...describeRoleChanges(result.previous, [])].join('\n')
}

export function describeRoleChanges(
  previous: PreviousAssignment | null,
  roleArns: readonly string[],
): readonly string[] {
  const before: readonly string[] = previous?.roleArns ?? []
  return [
    ...roleArns.map((arn) => (before.includes(arn) ? `  = ${arn}` : chalk.green(`  + ${arn}`))),
    ...before.filter((arn) => !roleArns.includes(arn)).map((arn) => chalk.red(`  - ${arn}`)),
  ]
}

function countRoles(count: number): string {
  return count === 1 ? '1 AWS role' : `${count} AWS roles`
}
