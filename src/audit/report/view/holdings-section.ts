import { type Part, part } from '../markup.ts'
import type { ReportData, ReportedPerson } from '../report-data.ts'
import { findingWords } from './findings.ts'
import { heldRoles } from './held-roles.ts'
import { count } from './moments.ts'
import { personColumns, personRows } from './people-table.ts'
import { shownRole } from './role-name.ts'
import { roleColumns, roleRows } from './roles-table.ts'

/** Rows that are there without the script, which brings all of them. */
const WITHOUT_SCRIPT = 200

/** Who has what: by person, by role, as a graph. */
export function holdingsSection(data: ReportData): Part {
  return part(
    'section',
    { id: 'holdings', 'aria-labelledby': 'holdings-title' },
    part('h2', { id: 'holdings-title' }, 'Who has what'),
    withoutScript(data),
    controls(data),
    part('p', { id: 'found', role: 'status', 'aria-live': 'polite', hidden: true }),
    part('div', { id: 'by-person', class: 'wide' }, peopleTable(data)),
    part('div', { id: 'by-role', class: 'wide' }, part('h3', {}, 'By role'), rolesTable(data)),
    part('div', { id: 'graph', hidden: true }),
  )
}

/** The script takes it away. */
function withoutScript({ people, figures }: ReportData): Part {
  const isPart = people.length > WITHOUT_SCRIPT
  const words = `Without its script this page lists the first ${WITHOUT_SCRIPT} of ${count(figures.people)} people.`
  return part('p', { id: 'without-script', class: 'quiet', hidden: !isPart }, words)
}

function controls(data: ReportData): Part {
  const accounts = [...new Set(data.roleArns.map((arn) => shownRole(arn).account))].sort()
  const found = data.findings.filter(({ id }) => data.people.some(({ findings }) => findings.includes(id)))
  return part(
    'form',
    { id: 'filter', class: 'controls', role: 'search', hidden: true },
    part(
      'label',
      { class: 'search' },
      'Find ',
      part('input', {
        id: 'query',
        type: 'search',
        autocomplete: 'off',
        spellcheck: 'false',
        'aria-describedby': 'hint',
      }),
    ),
    select('account', 'Account', [['', 'all accounts'], ...accounts.map((account) => [account, account] as const)]),
    select('source', 'Source', [
      ['', 'both sources'],
      ['cli', 'cli'],
      ['sso', 'sso'],
    ]),
    select('show', 'Show', [['', 'everybody'], ...found.map(({ id }) => [id, findingWords[id].title] as const)]),
    part('button', { type: 'button', id: 'clear' }, 'Clear'),
    part(
      'p',
      { id: 'hint', class: 'quiet' },
      'All words must be found in a name or a role ARN. Narrower: ',
      ...['user:ali', 'user=alice', 'role:admin', 'account:1234', 'by:root'].flatMap((word) => [
        part('code', {}, word),
        ' ',
      ]),
      'Keys: ',
      ...['/', '↑ ↓', 'Page Up', 'Page Down', 'Enter'].flatMap((key) => [part('kbd', {}, key), ' ']),
    ),
    views(),
  )
}

function select(id: string, label: string, options: readonly (readonly [string, string])[]): Part {
  return part(
    'label',
    {},
    `${label} `,
    part('select', { id }, ...options.map(([value, text]) => part('option', { value }, text))),
  )
}

function views(): Part {
  const choices = [
    ['person', 'By person'],
    ['role', 'By role'],
    ['graph', 'Graph'],
  ] as const
  const buttons = choices.map(([view, text]) =>
    part('button', { type: 'button', 'data-view': view, 'aria-pressed': String(view === 'person') }, text),
  )
  return part('div', { class: 'views', role: 'group', 'aria-label': 'View' }, ...buttons)
}

function peopleTable({ people, roleArns }: ReportData): Part {
  const rows = people
    .slice(0, WITHOUT_SCRIPT)
    .flatMap((person: ReportedPerson, key) =>
      personRows(person, roleArns, { key, isOpen: false, isEntry: false, allRoles: true }),
    )
  const head = personColumns.map(({ key, title }) => part('th', { scope: 'col', 'data-sort': key }, title))
  return table('people', head, rows)
}

function rolesTable({ people, roleArns }: ReportData): Part {
  const roles = heldRoles(people, roleArns).slice(0, WITHOUT_SCRIPT)
  const rows = roles.flatMap((role) => roleRows(role, { key: role.index, isOpen: false, isEntry: false }))
  const head = roleColumns.map(({ key, title }) => part('th', { scope: 'col', 'data-sort': key }, title))
  return table('roles', head, rows)
}

function table(id: string, head: readonly Part[], rows: readonly Part[]): Part {
  return part('table', { id }, part('thead', {}, part('tr', {}, ...head)), part('tbody', {}, ...rows))
}
