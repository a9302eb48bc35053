import { type Content, foreign, type Part, part } from '../markup.ts'
import { type Finding, type FindingId, LATELY, MANY_ROLES, SOON } from '../report-data.ts'
import { count } from './moments.ts'
import { personLink } from './roles-table.ts'

/** Items of a finding that is open from the start. */
const FEW = 8

interface Words {
  readonly title: string
  readonly why: string
}

export const findingWords: Readonly<Record<FindingId, Words>> = {
  expiring: {
    title: `Ends within ${SOON} days`,
    why: 'They lose their roles at that moment unless somebody sets them anew.',
  },
  expired: {
    title: 'Ended, and not yet removed from the store',
    why: 'They count for nothing any more; the next change of the person removes them.',
  },
  forced: {
    title: 'Set with --force over single sign-on',
    why: 'The identity provider said otherwise. The next login of each of them brings its word back.',
  },
  'no-account': {
    title: 'Has roles, no system account',
    why: 'The host on which this page was made knows nobody of that name: gone, or never there.',
  },
  'shared-subject': {
    title: 'Two people, one subject',
    why: 'Single sign-on knows them as one person (the sub claim): one login may use what was given to the other.',
  },
  'never-logged-in': {
    title: 'Has roles, never logged in by SSO',
    why: 'Roles that nobody has come for. Take them away, or find out why.',
  },
  'not-lately': {
    title: `Has roles, no SSO login for ${LATELY} days`,
    why: 'They may have left, or have other work.',
  },
  'many-roles': {
    title: `Holds more than ${MANY_ROLES} roles`,
    why: 'The more roles, the less anybody can say what the person is for.',
  },
  'unheld-role': {
    title: 'Role that nobody holds any more',
    why: 'It was assigned once. If nothing else uses it, it can go from AWS too.',
  },
}

/** What was found, and in one line what was looked for and not found. */
export function findingsSection(findings: readonly Finding[]): Part {
  const found = findings.filter(({ total }) => total > 0)
  const clear = findings.filter(({ total }) => total === 0)
  return part(
    'section',
    { id: 'findings', 'aria-labelledby': 'findings-title' },
    part('h2', { id: 'findings-title' }, 'Findings'),
    ...found.map(describeFinding),
    ...(clear.length === 0 ? [] : [nothingFound(clear)]),
  )
}

function describeFinding({ id, total, unknown, items }: Finding): Part {
  const { title, why } = findingWords[id]
  const rest = total - items.length
  return part(
    'details',
    { class: `finding ${id}`, open: total <= FEW, 'data-finding': id },
    part('summary', {}, part('b', { class: 'total' }, count(total)), ' ', part('span', { class: 'title' }, title)),
    part('p', {}, why, unknown === 0 ? '' : ` About ${count(unknown)} others it could not be asked.`, ...showAll(id)),
    part('ul', { class: 'names' }, ...items.map(({ name, note }) => part('li', {}, ...itemWords(id, name, note)))),
    ...(rest > 0 ? [part('p', { class: 'quiet' }, `and ${count(rest)} more`)] : []),
  )
}

function itemWords(id: FindingId, name: string, note: string): readonly Content[] {
  const shown = id === 'unheld-role' ? foreign(name) : personLink(name)
  return note === '' ? [shown] : [shown, ' ', part('small', {}, foreign(note))]
}

/** People without a row have none to lead to. */
function showAll(id: FindingId): readonly Content[] {
  const hasRows = id !== 'unheld-role' && id !== 'expired'
  return hasRows ? [' ', part('a', { class: 'control', href: `#show=${id}` }, 'Show them in the table')] : []
}

function nothingFound(clear: readonly Finding[]): Part {
  const titles = clear.map(({ id }) => part('li', {}, findingWords[id].title))
  return part('div', { class: 'clear' }, part('p', {}, 'Looked for, and found none:'), ' ', part('ul', {}, ...titles))
}
