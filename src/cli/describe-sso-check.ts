import chalk from 'chalk'
import { escapeControls } from '../iam/quote.ts'
import type { SsoCheckResult } from '../sso/check.ts'
import type { Finding } from '../sso/finding.ts'

/** One line a check, and beneath what is wrong the values and the way out. */
export function describeSsoCheck({ issuer, checks }: SsoCheckResult): string {
  return [escapeControls(issuer), ...checks.flatMap(describeFinding)].join('\n')
}

const MARKS = { passed: chalk.green('✓'), failed: chalk.red('✗'), warning: chalk.yellow('!'), skipped: '-' } as const

function describeFinding({ check, status, seen, expected, fix }: Finding): readonly string[] {
  const value = status === 'skipped' ? 'skipped' : (seen ?? 'nothing')
  const line = `${MARKS[status]} ${check.padEnd(19)} ${escapeControls(value)}`
  const isGood = status === 'passed' || status === 'skipped'
  const beneath = [...(isGood ? [] : [`expected ${expected}`]), ...(fix === null ? [] : [fix])]
  return [line, ...beneath.map((text) => `    ${escapeControls(text)}`)]
}
