import type { AuditEvent, EventState } from '../audit/event.ts'
import type { Column } from './formats.ts'

export const eventColumns: readonly Column<AuditEvent>[] = [
  { name: 'id', cell: ({ id }) => String(id) },
  { name: 'at', cell: ({ at }) => at },
  { name: 'actor', cell: ({ actor, host }) => `${actor}@${host}` },
  { name: 'action', cell: ({ action }) => action },
  { name: 'username', cell: ({ username }) => username ?? '' },
  { name: 'before', cell: ({ before }) => describeState(before) },
  { name: 'after', cell: ({ after }) => describeState(after) },
  { name: 'reason', cell: ({ reason, details }) => reason ?? describeDetails(details) },
]

function describeState(state: EventState | null): string {
  if (state === null) return '-'
  const until = state.expiresAt === null ? '' : ` until ${state.expiresAt}`
  return `${state.source}:${state.roleArns.join(',') || 'no roles'}${until}`
}

function describeDetails(details: Readonly<Record<string, unknown>> | null): string {
  const { outcome, code } = details ?? {}
  return String(outcome ?? code ?? '')
}
