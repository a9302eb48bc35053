import { type Part, part } from '../markup.ts'
import type { ReportData } from '../report-data.ts'
import { eventsTable } from './events-table.ts'
import { count } from './moments.ts'
import { timeline } from './timeline.ts'

/** When it changed: a year at a glance, and the newest events in full. */
export function changes({ days, madeAt, newest, store }: ReportData): Part {
  return part(
    'section',
    { id: 'changes', 'aria-labelledby': 'changes-title' },
    part('h2', { id: 'changes-title' }, 'Changes'),
    timeline(days, madeAt),
    part(
      'p',
      { class: 'quiet' },
      extent(newest.length, store.events),
      part('code', {}, 'admin audit log'),
      ' lists all.',
    ),
    part('div', { class: 'wide tall', tabindex: 0, role: 'region', 'aria-label': 'Events' }, eventsTable(newest)),
  )
}

function extent(shown: number, events: number): string {
  if (shown === events) return 'Every event of the log. '
  return `The newest ${count(shown)} events about people, of ${count(events)} in the log; calls to AWS are left out. `
}
