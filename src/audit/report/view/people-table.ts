import { type Content, foreign, type Part, part } from '../markup.ts'
import type { ReportedPerson } from '../report-data.ts'
import { moment } from './moments.ts'
import { roleName, shownRole } from './role-name.ts'

/** Roles that a row shows before it is opened. */
const SHOWN_ROLES = 6

export const personColumns = [
  { key: 'user', title: 'User' },
  { key: 'roles', title: 'Roles' },
  { key: 'source', title: 'Source' },
  { key: 'set', title: 'Set' },
  { key: 'by', title: 'By' },
  { key: 'ends', title: 'Ends' },
  { key: 'login', title: 'Last SSO login' },
] as const

export type PersonColumn = (typeof personColumns)[number]['key']

export interface RowOptions {
  /** Which person or role it is, for whoever presses the button. */
  readonly key: number
  readonly isOpen: boolean
  /** Where the keyboard enters the table. */
  readonly isEntry: boolean
}

export interface PersonRowOptions extends RowOptions {
  readonly allRoles: boolean
}

/** One person; with a second row of all that is known where it is open. */
export function personRows(
  person: ReportedPerson,
  roleArns: readonly string[],
  options: PersonRowOptions,
): readonly Part[] {
  const row = part(
    'tr',
    { class: options.isOpen ? 'open' : null },
    part('th', { scope: 'row' }, opener(person.username, options)),
    part(
      'td',
      { class: 'held' },
      ...heldRoles(person, roleArns, options.allRoles ? Number.POSITIVE_INFINITY : SHOWN_ROLES),
    ),
    part('td', {}, sourceOf(person)),
    part('td', { class: 'when' }, moment(person.setAt)),
    part('td', { class: 'by' }, foreign(person.setBy)),
    part('td', { class: 'when' }, ends(person)),
    part('td', { class: 'when' }, moment(person.lastSsoLogin, 'never')),
  )
  return options.isOpen ? [row, detailRow(person, roleArns)] : [row]
}

/** Opens and closes a row. */
export function opener(name: string, { key, isOpen, isEntry }: RowOptions): Part {
  const attributes = { type: 'button', class: 'opener', 'aria-expanded': String(isOpen), tabindex: isEntry ? 0 : -1 }
  return part('button', { ...attributes, 'data-key': key }, foreign(name))
}

/** By account, for the same name stands for another role in each. */
function heldRoles(person: ReportedPerson, roleArns: readonly string[], most: number): readonly Content[] {
  if (person.roles.length === 0) return [part('span', { class: 'quiet' }, 'no roles')]
  const shown = person.roles.slice(0, most).map((index) => shownRole(roleArns[index] ?? ''))
  const accounts = [...new Set(shown.map(({ account }) => account))]
  const lines = accounts.map((account) => {
    const names = shown.filter((role) => role.account === account)
    return part(
      'div',
      {},
      part('span', { class: 'account' }, account),
      ' ',
      ...names.flatMap(({ name }, index) => [index === 0 ? '' : ', ', roleName(name)]),
    )
  })
  const rest = person.roles.length - shown.length
  return rest > 0 ? [...lines, part('div', { class: 'quiet' }, `and ${rest} more`)] : lines
}

function sourceOf({ source, findings }: ReportedPerson): Part {
  return part('span', { class: `source ${source}` }, findings.includes('forced') ? 'cli, forced' : source)
}

function ends({ expiresAt, findings }: ReportedPerson): Content {
  return findings.includes('expiring') ? part('strong', { class: 'soon' }, moment(expiresAt)) : moment(expiresAt)
}

function detailRow(person: ReportedPerson, roleArns: readonly string[]): Part {
  const facts: readonly (readonly [string, string | null])[] = [
    ['Subject', person.subject],
    ['Role session name', person.roleSessionName],
  ]
  const known = facts.flatMap(([term, text]) =>
    text === null ? [] : [part('div', {}, part('dt', {}, term), part('dd', {}, foreign(text)))],
  )
  const arns = person.roles.map((index) => part('li', {}, foreign(roleArns[index] ?? '')))
  return part(
    'tr',
    { class: 'detail' },
    part('td', { colspan: personColumns.length }, part('ol', { class: 'arns' }, ...arns), part('dl', {}, ...known)),
  )
}
