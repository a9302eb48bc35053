import chalk from 'chalk'
import { escapeControls } from '../iam/quote.ts'
import type { LoginResult } from '../sso/login.ts'
import type { RefreshResult } from '../sso/refresh.ts'
import type { RefreshAllResult, RefreshItem, SkipReason } from '../sso/refresh-all.ts'
import type { DevicePrompt } from '../sso/token-client.ts'
import { describeLogin } from './describe-login.ts'

const SKIPPED: Readonly<Record<SkipReason, string>> = {
  notDue: 'not due',
  withoutAssignment: 'without roles',
  withoutRefreshToken: 'without a refresh token',
  refreshedElsewhere: 'refreshed by another process',
  interrupted: 'not reached, as it was interrupted',
}

/** Where to log in, for whoever sits at the terminal or reads what it writes. */
export function describePrompt(prompt: DevicePrompt): string {
  const [verificationUri, userCode] = [prompt.verificationUri, prompt.userCode].map(escapeControls)
  const { verificationUriComplete, expiresIn } = prompt
  const lines = [`to log in, open ${verificationUri} on any device, and enter the code`, '', `  ${userCode}`, '']
  const short = verificationUriComplete === null ? [] : [`or open ${escapeControls(verificationUriComplete)}`]
  return [...lines, ...short, `the code is good for ${Math.max(1, Math.floor(expiresIn / 60))} min`].join('\n')
}

export function describeTokens(result: LoginResult): string {
  const renewal = result.refreshToken === 'kept' ? 'can be refreshed' : 'cannot be refreshed'
  return `${describeLogin(result, false)}\n  ID token: until ${result.idTokenExpiresAt}, ${renewal}`
}

export function describeRefresh(result: RefreshResult): string {
  const { sessionsUpdated: count } = result
  if (count === 0) return describeTokens(result)
  return `${describeTokens(result)}\n  live sessions that have it: ${count}`
}

/** One line a person, and how many were left alone for which reason. */
export function describeRefreshAll({ refreshed, failed, skipped, people }: RefreshAllResult): string {
  const reasons = Object.entries(SKIPPED).flatMap(([reason, words]) => {
    const count = skipped[reason as SkipReason]
    return count === 0 ? [] : [`${count} ${words}`]
  })
  return [...people.map(describeItem), [`${refreshed} refreshed`, `${failed} failed`, ...reasons].join(', ')].join('\n')
}

function describeItem(item: RefreshItem): string {
  const who = escapeControls(item.username)
  if (!('error' in item)) return `${who}: ${item.outcome}, until ${item.idTokenExpiresAt}`
  const [first = '', ...rest] = item.error.message.split('\n').map(escapeControls)
  return [`${who}: ${chalk.red('failed')} (${item.error.code}): ${first}`, ...rest.map((line) => `  ${line}`)].join(
    '\n',
  )
}
