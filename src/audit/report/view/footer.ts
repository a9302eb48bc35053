import { type Part, part } from '../markup.ts'
import { MOST_PEOPLE, type ReportData } from '../report-data.ts'
import { count } from './moments.ts'

/** How to read the page, and how to prove that it is still true. */
export function footer({ store, figures, people }: ReportData): Part {
  const rest = figures.people - people.length
  const left =
    rest > 0
      ? `The tables list the first ${count(MOST_PEOPLE)} people by name; ${count(rest)} more are in the figures only. `
      : ''
  return part(
    'footer',
    {},
    part(
      'p',
      {},
      left,
      'Times are UTC. An assignment says which roles a session is offered; what AWS allows is said by the trust policy of each role.',
    ),
    part(
      'p',
      {},
      'To see that nobody has rewritten the log since: ',
      part('code', {}, 'admin audit verify'),
      ' walks it again and must meet the hash ',
      part('code', {}, store.headHash ?? '–'),
      ' at event ',
      count(store.events),
      '.',
    ),
  )
}
