import { type Part, part } from '../markup.ts'
import { type Figures, SOON } from '../report-data.ts'
import { count } from './moments.ts'

/** The numbers that one wants to know first, and who governs them. */
export function figuresSection(figures: Figures): Part {
  return part(
    'section',
    { id: 'figures', 'aria-labelledby': 'figures-title' },
    part('h2', { id: 'figures-title' }, 'Figures'),
    part(
      'dl',
      { class: 'figures' },
      figure('people', 'people with roles', figures.people),
      figure('pairs', 'roles of people (person and role)', figures.pairs),
      figure('roles', 'different roles', figures.roles),
      figure('accounts', 'AWS accounts', figures.accounts),
      figure('expiringSoon', `end within ${SOON} days`, figures.expiringSoon),
      figure('recentChanges', `changes in the last ${SOON} days`, figures.recentChanges),
      figure('loggedIn', 'have logged in by SSO', figures.loggedIn),
      figure('neverLoggedIn', 'never logged in by SSO', figures.neverLoggedIn),
    ),
    governance(figures),
  )
}

function figure(id: string, label: string, number: number): Part {
  return part('div', {}, part('dt', {}, label), part('dd', { 'data-figure': id }, count(number)))
}

/** How many are governed by single sign-on, and how many here; as a bar and in words. */
function governance({ setByCli, setBySso, forced }: Figures): Part {
  const shares = [
    { kind: 'sso', number: setBySso, words: 'governed by single sign-on', id: 'setBySso' },
    { kind: 'cli', number: setByCli - forced, words: 'set on the command line', id: 'setByCliFreely' },
    { kind: 'forced', number: forced, words: 'set on the command line over single sign-on (--force)', id: 'forced' },
  ]
  const total = Math.max(1, setByCli + setBySso)
  let left = 0
  const bars = shares.map(({ kind, number }) => {
    const bar = part('rect', {
      class: kind,
      x: (left / total) * 1000,
      y: 0,
      width: (number / total) * 1000,
      height: 10,
    })
    left += number
    return bar
  })
  return part(
    'div',
    { class: 'governance' },
    part('svg', { viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, ...bars),
    part(
      'ul',
      {},
      ...shares.map(({ kind, number, words, id }) =>
        part('li', { class: kind }, part('strong', { 'data-figure': id }, count(number)), ` ${words}`),
      ),
    ),
  )
}
