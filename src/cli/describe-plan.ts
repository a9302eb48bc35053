import chalk from 'chalk'
import { escapeControls, shellQuote } from '../iam/quote.ts'
import type { Action, AppliedChange, Change, FieldChange, ProvisionResult, Summary } from '../provisioning/plan.ts'
import type { Plan } from '../provisioning/provision.ts'
import type { Size } from '../provisioning/resource.ts'
import { describePolicyChange } from './describe-policy.ts'

const SIGNS: Readonly<Record<Action, string>> = { create: '+', update: '~', delete: '-', unchanged: '=' }
const COLOURS = { create: chalk.green, update: chalk.yellow, delete: chalk.red, unchanged: (text: string) => text }

/** What would change: resource by resource, field by field, policies statement by statement. */
export function describePlan({ planned }: Plan): string {
  return planned
    .flatMap(({ change, sizes = [] }) => [
      ...describeChange(change),
      ...(change.action === 'unchanged' ? [] : sizes.map(describeSize)),
    ])
    .join('\n')
}

/** What came of it, in a sentence; before it, what failed. */
export function describeOutcome({ changes, summary }: ProvisionResult, isDryRun: boolean): string {
  const failures = changes.flatMap((change) =>
    'error' in change && change.error !== undefined ? [describeFailure(change, change.error)] : [],
  )
  return [...failures, describeSummary(summary, isDryRun)].join('\n')
}

/** The ARN on a line of its own, and the command that gives it to somebody. */
export function describeNextStep({ planned }: Plan): string {
  return planned.flatMap(({ arn }) => [arn, `admin set-aws-role-arns USER ${shellQuote(arn)}`]).join('\n')
}

function describeChange(change: Change | AppliedChange): readonly string[] {
  const { action, kind, name, fields } = change
  const head = `${SIGNS[action]} ${action} ${kind} ${escapeControls(name)}`
  return [COLOURS[action](head), ...fields.flatMap(describeField)]
}

function describeSize({ of, characters, quota }: Size): string {
  return `    ${of}: ${quota === null ? characters : `${characters} of ${quota}`} characters`
}

function describeField({ path, before, after }: FieldChange): readonly string[] {
  if (path === 'trustPolicy')
    return ['    trustPolicy:', ...describePolicyChange(before, after).map((line) => `      ${line}`)]
  if (Array.isArray(before) || Array.isArray(after))
    return [`    ${path}:`, ...describeList(toArray(before), toArray(after))]
  return [
    before === null
      ? `    ${path}: ${show(path, after)}`
      : `    ${path}: ${show(path, before)} -> ${show(path, after)}`,
  ]
}

function describeList(before: readonly unknown[], after: readonly unknown[]): readonly string[] {
  return [
    ...before.filter((value) => !after.includes(value)).map((value) => chalk.red(`      - ${show('', value)}`)),
    ...after.map((value) =>
      before.includes(value) ? `      = ${show('', value)}` : chalk.green(`      + ${show('', value)}`),
    ),
  ]
}

function toArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function show(path: string, value: unknown): string {
  if (value === null) return 'none'
  if (path === 'maxSessionDuration') return duration(Number(value))
  if (typeof value === 'string') return value === '' ? '""' : escapeControls(value)
  if (typeof value !== 'object') return String(value)
  return escapeControls(
    Object.entries(value)
      .map(([key, inner]) => `${key}=${String(inner)}`)
      .join(', '),
  )
}

/** As the flag takes it. */
function duration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
}

function describeFailure(
  { kind, name }: Change,
  { code, message }: { readonly code: string; readonly message: string },
): string {
  return `failed: ${kind} ${escapeControls(name)}: ${message.split('\n').map(escapeControls).join('\n  ')} (${code})`
}

function describeSummary(summary: Summary, isDryRun: boolean): string {
  const { create, update, delete: gone, unchanged, failed } = summary
  if (create + update + gone + failed === 0) return 'nothing to do'
  const [created, updated, deleted] = isDryRun
    ? ['to create', 'to update', 'to delete']
    : ['created', 'updated', 'deleted']
  const parts = [
    [create, created],
    [update, updated],
    [gone, deleted],
    [unchanged, 'unchanged'],
    [failed, 'failed'],
  ] as const
  const counts = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ')
  return isDryRun ? `${counts}; nothing was changed` : counts
}
