import { foreign, type Part, part } from '../markup.ts'
import type { ReportData, ReportedStore } from '../report-data.ts'
import { count, counted, moment } from './moments.ts'

/** What this page is of, when it was made, and what proves it. */
export function header({ title, madeAt, version, store }: ReportData): Part {
  return part(
    'header',
    {},
    part('p', { class: 'kind' }, 'AWS roles of people: audit report'),
    part('h1', {}, foreign(title)),
    part(
      'dl',
      { class: 'made' },
      fact('Made', part('span', {}, moment(madeAt), ' UTC')),
      fact('From', foreign(store.location)),
      fact('Log', logWords(store)),
      fact('Head', part('code', {}, store.headHash ?? 'none: there is no event yet')),
      fact('By', `admin ${version}`),
    ),
    controls(),
  )
}

function fact(term: string, description: Part | string): Part {
  return part('div', {}, part('dt', {}, term), part('dd', {}, description))
}

function logWords({ events, broken, meanwhile }: ReportedStore): Part {
  const late = meanwhile === 0 ? '' : ` ${counted(meanwhile, 'event', 'events')} came while this page was made.`
  if (broken === null) {
    const verified = part('strong', { class: 'sound' }, 'chain verified')
    return part('span', { 'data-verified': 'true' }, `${counted(events, 'event', 'events')}, `, verified, late)
  }
  return part(
    'span',
    { 'data-verified': 'false' },
    part('strong', { class: 'broken' }, `chain broken at event ${count(broken.id)}`),
    `: ${broken.problem}. What is shown of the log from there on proves nothing.${late}`,
  )
}

/** They need the script, which shows them. */
function controls(): Part {
  return part(
    'div',
    { class: 'controls', hidden: true, id: 'page-controls' },
    part('button', { type: 'button', id: 'theme', 'aria-pressed': 'false' }, 'Dark'),
    part('button', { type: 'button', id: 'print' }, 'Print'),
  )
}
