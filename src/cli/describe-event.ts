import type { AuditEvent, EventAction, EventState } from '../audit/event.ts'
import type { Column, ListFormat } from './formats.ts'

const head: readonly Column<AuditEvent>[] = [
  { name: 'id', cell: ({ id }) => String(id) },
  { name: 'at', cell: ({ at }) => at },
  { name: 'actor', cell: ({ actor, host }) => `${actor}@${host}` },
  { name: 'action', cell: ({ action }) => action },
  { name: 'username', cell: ({ username }) => username ?? '' },
]

const reason: Column<AuditEvent> = { name: 'reason', cell: (event) => event.reason ?? describeDetails(event) }

/** A person sees what changed; a program gets both states in full. */
export function eventColumns(format: ListFormat): readonly Column<AuditEvent>[] {
  if (format === 'table') return [...head, { name: 'change', cell: describeChange }, reason]
  return [
    ...head,
    { name: 'before', cell: ({ before }) => describeState(before) },
    {
      name: 'after',
      cell: ({ action, after, details }) => (isCall(action) ? describeCall(details ?? {}) : describeState(after)),
    },
    reason,
  ]
}

function describeChange({ action, before, after, details }: AuditEvent): string {
  if (isCall(action)) return describeCall(details ?? {})
  const words = [...describeSource(before, after), ...describeRoles(before, after)]
  return [...words, ...describeEnd(before, after, words.length > 0)].join(' ') || '='
}

function isCall(action: EventAction): boolean {
  return action === 'aws-request' || action === 'aws-response'
}

/** A call to AWS: what was done, to what, in which account, and what came of it. */
function describeCall(details: Readonly<Record<string, unknown>>): string {
  const { service, operation, name, account, outcome, code } = details
  const words = `${service}:${operation} ${name} (${account})`
  if (outcome === undefined) return words
  return code === undefined ? `${words}: ${outcome}` : `${words}: ${outcome}, ${code}`
}

function describeSource(before: EventState | null, after: EventState | null): readonly string[] {
  if (before === null || after === null || before.source === after.source) return []
  return [`${before.source}→${after.source}`]
}

function describeRoles(before: EventState | null, after: EventState | null): readonly string[] {
  const [old, present] = [before?.roleArns ?? [], after?.roleArns ?? []]
  const added = present.filter((arn) => !old.includes(arn)).map((arn) => `+${shortRole(arn)}`)
  const removed = old.filter((arn) => !present.includes(arn)).map((arn) => `-${shortRole(arn)}`)
  const isEmptied = after !== null && present.length === 0 && (before === null || old.length > 0)
  return [...added, ...removed, ...(isEmptied ? ['no roles'] : [])]
}

function describeEnd(before: EventState | null, after: EventState | null, isChanged: boolean): readonly string[] {
  const [old, present] = [before?.expiresAt ?? null, after?.expiresAt ?? null]
  if (present !== null) return isChanged || present !== old ? [`until ${present}`] : []
  return old !== null && after !== null ? ['no end'] : []
}

/** The account and the name, without the path: `123456789012/analyst`. */
function shortRole(arn: string): string {
  const [, account, name] = /:(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? []
  return account === undefined || name === undefined ? arn : `${account}/${name}`
}

/** Nothing where nothing was. */
function describeState(state: EventState | null): string {
  if (state === null) return ''
  const until = state.expiresAt === null ? '' : ` until ${state.expiresAt}`
  return `${state.source}:${state.roleArns.join(',') || 'no roles'}${until}`
}

function describeDetails({ action, details }: AuditEvent): string {
  if (isCall(action)) return ''
  const { outcome, code, grant } = details ?? {}
  return `${outcome ?? code ?? ''}${grant === 'refresh' ? ', by refresh' : ''}`
}
