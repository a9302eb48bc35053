import chalk from 'chalk'
import { isJsonObject } from '../iam/json-object.ts'
import { escapeControls } from '../iam/quote.ts'
import type { Action, Change, FieldChange } from '../provisioning/plan.ts'
import type { PlannedResource, Size } from '../provisioning/resource.ts'
import { describePolicyChange } from './describe-policy.ts'

const SIGNS: Readonly<Record<Action, string>> = { create: '+', update: '~', delete: '-', unchanged: '=' }
const COLOURS = { create: chalk.green, update: chalk.yellow, delete: chalk.red, unchanged: (text: string) => text }

/** One resource: what becomes of it, field by field, policies statement by statement, with its sizes. */
export function describeChange({ change, arn, sizes = [] }: PlannedResource): readonly string[] {
  const { action, kind, name, fields } = change
  const head = COLOURS[action](`${SIGNS[action]} ${action} ${kind} ${escapeControls(name)}`)
  if (action === 'unchanged') return [head]
  const made = action === 'create' ? [`    arn: ${escapeControls(arn)}`] : []
  return [head, ...made, ...fields.flatMap(describeField), ...sizes.map(describeSize)]
}

function describeSize({ of, unit, count, quota }: Size): string {
  return `    ${of}: ${quota === null ? count : `${count} of ${quota}`} ${unit === 'policies' ? 'attached' : unit}`
}

function describeField({ path, before, after }: FieldChange): readonly string[] {
  const label = escapeControls(path)
  if (isPolicy(before) || isPolicy(after)) return [`    ${label}:`, ...indented(describePolicyChange(before, after))]
  if (Array.isArray(before) || Array.isArray(after))
    return [`    ${label}:`, ...describeList(toArray(before), toArray(after))]
  if (before === null) return [`    ${label}: ${show(path, after)}`]
  return [`    ${label}: ${show(path, before)} -> ${show(path, after)}`]
}

function isPolicy(value: unknown): boolean {
  return isJsonObject(value) && 'Statement' in value
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `      ${line}`)
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

/** For messages about one change. */
export function nameOfChange({ kind, name }: Pick<Change, 'kind' | 'name'>): string {
  return `${kind} ${escapeControls(name)}`
}
