import type { EventState } from '../../event.ts'
import { type Content, foreign, type Part, part } from '../markup.ts'
import type { ReportedEvent } from '../report-data.ts'
import { moment } from './moments.ts'
import { shownRole } from './role-name.ts'

const TITLES = ['No.', 'When', 'What', 'User', 'Change', 'By', 'Reason']

/** Events in full, as rows of a table. */
export function eventsTable(events: readonly ReportedEvent[]): Part {
  return part(
    'table',
    { class: 'events' },
    part('thead', {}, part('tr', {}, ...TITLES.map((title) => part('th', { scope: 'col' }, title)))),
    part('tbody', {}, ...events.map(eventRow)),
  )
}

function eventRow(event: ReportedEvent): Part {
  const cells: readonly (readonly Content[])[] = [
    [String(event.id)],
    [moment(event.at)],
    [part('span', { class: 'action' }, event.action)],
    [event.username === null ? '–' : foreign(event.username)],
    describeChange(event),
    [foreign(event.actor), part('small', {}, ' on ', foreign(event.host))],
    [event.reason === null ? '' : foreign(event.reason)],
  ]
  const classes = ['number', 'when', null, 'by', 'change', 'by', 'reason']
  return part('tr', {}, ...cells.map((cell, index) => part('td', { class: classes[index] ?? null }, ...cell)))
}

function describeChange({ before, after }: ReportedEvent): readonly Part[] {
  const [old, present] = [before?.roleArns ?? [], after?.roleArns ?? []]
  const lines = [
    ...present.filter((arn) => !old.includes(arn)).map((arn) => roleLine('added', '+', arn)),
    ...old.filter((arn) => !present.includes(arn)).map((arn) => roleLine('removed', '−', arn)),
    ...sourceLine(before, after),
    ...endLine(before, after),
  ]
  return lines.length === 0 ? [part('span', { class: 'quiet' }, 'no change')] : lines
}

function roleLine(kind: string, sign: string, arn: string): Part {
  const { account, name } = shownRole(arn)
  return part('div', { class: kind }, `${sign} `, part('span', { class: 'account' }, account), ' ', foreign(name))
}

function sourceLine(before: EventState | null, after: EventState | null): readonly Part[] {
  if (before === null || after === null || before.source === after.source) return []
  return [part('div', {}, `${before.source} → ${after.source}`)]
}

function endLine(before: EventState | null, after: EventState | null): readonly Part[] {
  if (after === null || before?.expiresAt === after.expiresAt) return []
  if (after.expiresAt !== null) return [part('div', {}, 'until ', moment(after.expiresAt))]
  return before === null ? [] : [part('div', {}, 'without an end')]
}
