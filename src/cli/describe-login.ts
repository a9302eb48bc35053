import chalk from 'chalk'
import { escapeControls } from '../iam/quote.ts'
import type { ApplyClaimsResult } from '../sso/judge-login.ts'
import type { RehearsedLine } from '../sso/rehearse.ts'
import { describeRoleChanges } from './describe-assignment.ts'

/** What the login did, role by role. */
export function describeLogin(result: ApplyClaimsResult, isRehearsal: boolean): string {
  const session = result.roleSessionName === null ? [] : [`  session name: ${result.roleSessionName}`]
  return [headline(result, isRehearsal), ...describeRoleChanges(result.previous, result.roleArns), ...session].join(
    '\n',
  )
}

/** One line for each login of a file. */
export function describeRehearsal(lines: readonly RehearsedLine[]): string {
  return lines.map(describeLine).join('\n')
}

/** The last word on a file of many. */
export function countRefused(refused: number, total: number): string {
  return `${refused} of ${total} ${total === 1 ? 'login' : 'logins'} would be refused`
}

function describeLine(line: RehearsedLine): string {
  if (!('error' in line)) return `line ${line.line}: ${headline(line, true)}`
  const [first = '', ...rest] = line.error.message.split('\n').map(escapeControls)
  return [
    `line ${line.line}: ${chalk.red('refused')} (${line.error.code}): ${first}`,
    ...rest.map((more) => `  ${more}`),
  ].join('\n')
}

function headline(result: ApplyClaimsResult, isRehearsal: boolean): string {
  const who = escapeControls(result.username)
  const count = result.roleArns.length
  const many = count === 0 ? 'no AWS roles' : count === 1 ? '1 AWS role' : `${count} AWS roles`
  switch (result.outcome) {
    case 'overridden':
      return `${who} ${isRehearsal ? 'would have' : 'now has'} ${many} from single sign-on${inPlaceOf(result)}`
    case 'unchanged':
      return `${who} already has ${many} from single sign-on; nothing ${isRehearsal ? 'would change' : 'changed'}`
    case 'cleared':
      return `${who} ${isRehearsal ? 'would have' : 'now has'} no AWS roles: single sign-on asserts none any more`
    case 'not-asserted':
      return `${who} ${isRehearsal ? 'would keep' : 'keeps'} ${many}: single sign-on says nothing of roles`
  }
}

function inPlaceOf({ previous }: ApplyClaimsResult): string {
  return previous?.source === 'cli' ? ', in place of those set by hand' : ''
}
