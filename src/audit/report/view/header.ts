import type { BrokenEvent } from '../../tampering.ts'
import type { StateDifference } from '../../verify-state.ts'
import { type Content, foreign, type Part, part } from '../markup.ts'
import type { ReportData, ReportedStore } from '../report-data.ts'
import { count, counted, moment } from './moments.ts'

/** What this page is of, when it was made, and what proves it. */
export function header({ title, madeAt, host, version, store }: ReportData): Part {
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
      fact('By', part('span', {}, `admin ${version} on `, foreign(host))),
    ),
    controls(),
  )
}

function fact(term: string, description: Part | string): Part {
  return part('div', {}, part('dt', {}, term), part('dd', {}, description))
}

function logWords({ events, broken, differs, meanwhile }: ReportedStore): Part {
  const late = meanwhile === 0 ? '' : `. ${counted(meanwhile, 'event', 'events')} came while this page was made`
  const verified = String(broken === null && differs === null)
  const words = broken !== null ? brokenWords(broken) : differs !== null ? differenceWords(differs) : [SOUND]
  return part('span', { 'data-verified': verified }, `${counted(events, 'event', 'events')}: `, ...words, late)
}

const SOUND = part('strong', { class: 'sound' }, 'chain verified, assignments as the log tells')

function brokenWords({ id, problem }: BrokenEvent): readonly Content[] {
  const broken = part('strong', { class: 'broken' }, `chain broken at event ${count(id)}`)
  return [broken, `: ${problem}. What is shown of the log from there on proves nothing`]
}

function differenceWords({ username, event, problem }: StateDifference): readonly Content[] {
  const broken = part('strong', { class: 'broken' }, 'chain verified, but what is assigned is not what the log tells')
  const who = username === null ? [] : [' of ', foreign(username)]
  return [broken, ', first', ...who, event === null ? '' : ` (event ${count(event)})`, ': ', foreign(problem)]
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
