import chalk from 'chalk'
import { escapeControls, shellQuote } from '../iam/quote.ts'
import { COMMAND_LINE_SPEC } from '../provisioning/ownership.ts'
import {
  type AppliedChange,
  type Change,
  countChanges,
  type ProvisionResult,
  type Summary,
} from '../provisioning/plan.ts'
import type { AccountPlan, Plan } from '../provisioning/provision.ts'
import { describeChange, nameOfChange } from './describe-change.ts'

/** What would change, account by account. A single command has one account and has named it already. */
export function describePlan({ accounts, result }: Plan): string {
  const isGrouped = result.spec !== COMMAND_LINE_SPEC
  return accounts
    .flatMap((plan) => [...(isGrouped ? accountHead(plan) : []), ...plan.planned.flatMap(describeChange)])
    .join('\n')
}

function accountHead({ account: { identity, region }, planned }: AccountPlan): readonly string[] {
  const head = chalk.bold(`account ${identity.accountId} (${identity.partition}, ${region})`)
  return planned.length === 0 ? [head, '  nothing is asked of it, and nothing there is ours'] : [head]
}

/** What came of it, in a sentence; before it, what failed. */
export function describeOutcome({ changes, summary }: ProvisionResult, isDryRun: boolean): string {
  const failures = changes.flatMap((change) =>
    'error' in change && change.error !== undefined ? [describeFailure(change, change.error)] : [],
  )
  const nothing = isDryRun && countChanges(summary) > 0 ? '; nothing was changed' : ''
  return [...failures, `${describeSummary(summary, isDryRun)}${nothing}`].join('\n')
}

/** The ARN on a line of its own, and the command that gives it to somebody. */
export function describeNextStep({ accounts }: Plan): string {
  return accounts
    .flatMap(({ planned }) => planned.flatMap(({ arn }) => [arn, `admin set-aws-role-arns USER ${shellQuote(arn)}`]))
    .join('\n')
}

function describeFailure(
  change: Change | AppliedChange,
  { code, message }: { readonly code: string; readonly message: string },
): string {
  const status = 'status' in change && change.status === 'skipped' ? 'skipped' : 'failed'
  return `${status}: ${nameOfChange(change)}: ${message.split('\n').map(escapeControls).join('\n  ')} (${code})`
}

export function describeSummary(summary: Summary, isDryRun: boolean): string {
  const { create, update, delete: gone, unchanged, failed } = summary
  if (countChanges(summary) + failed === 0) return 'nothing to do'
  const [created, updated, deleted] = isDryRun
    ? ['to create', 'to update', 'to delete']
    : ['created', 'updated', 'deleted']
  const parts = [
    [create, created],
    [update, updated],
    [gone, deleted],
    [unchanged, 'unchanged'],
    [failed, 'failed or skipped'],
  ] as const
  const counts = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ')
  return counts
}
