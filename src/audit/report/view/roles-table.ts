import { foreign, type Part, part } from '../markup.ts'
import { count } from './moments.ts'
import { opener, type RowOptions } from './people-table.ts'
import { shownRole } from './role-name.ts'

/** Holders that an opened role names. */
const SHOWN_HOLDERS = 300

export const roleColumns = [
  { key: 'role', title: 'Role' },
  { key: 'account', title: 'Account' },
  { key: 'holders', title: 'Holders' },
  { key: 'cli', title: 'By cli' },
  { key: 'sso', title: 'By sso' },
] as const

export type RoleColumn = (typeof roleColumns)[number]['key']

export interface HeldRole {
  readonly arn: string
  /** In the dictionary of role ARNs. */
  readonly index: number
  readonly holders: readonly string[]
  readonly cli: number
  readonly sso: number
}

/** One role; with a second row of its holders where it is open. */
export function roleRows(role: HeldRole, options: RowOptions): readonly Part[] {
  const { account, name } = shownRole(role.arn)
  const row = part(
    'tr',
    { class: options.isOpen ? 'open' : null },
    part('th', { scope: 'row' }, opener(name, options)),
    part('td', { class: 'account' }, account),
    ...[role.holders.length, role.cli, role.sso].map((number) => part('td', { class: 'number' }, count(number))),
  )
  return options.isOpen ? [row, holdersRow(role)] : [row]
}

function holdersRow({ arn, holders }: HeldRole): Part {
  const shown = holders.slice(0, SHOWN_HOLDERS).map((name) => part('li', {}, personLink(name)))
  const rest = holders.length - shown.length
  const more = rest > 0 ? [part('li', { class: 'quiet' }, `and ${count(rest)} more`)] : []
  return part(
    'tr',
    { class: 'detail' },
    part(
      'td',
      { colspan: roleColumns.length },
      part('p', { class: 'arn' }, foreign(arn)),
      part('ul', { class: 'names' }, ...shown, ...more),
    ),
  )
}

/** Leads to the row of a person on the same page. */
export function personLink(username: string): Part {
  return part('a', { href: `#q=${encodeURIComponent(`user=${username}`.toWellFormed())}` }, foreign(username))
}
