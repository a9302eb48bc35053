import { escapeControls } from '../../../iam/quote.ts'
import { type Content, type Part, part } from '../markup.ts'
import type { ReportedPerson } from '../report-data.ts'
import { count } from '../view/moments.ts'
import { shownRole } from '../view/role-name.ts'
import type { Query } from './query.ts'

/** Nodes that can be read together. */
const MOST = { people: 24, roles: 18, accounts: 8 }
const ROW = 26
const BOX = 20
const columns = { people: { x: 0, width: 230 }, roles: { x: 360, width: 330 }, accounts: { x: 830, width: 130 } }
const WIDTH = 960
/** Of a letter, about. */
const LETTER = 7.2

interface Node {
  readonly id: string
  readonly kind: keyof typeof columns
  readonly text: string
  readonly label: string
  readonly y: number
}

interface Shown {
  readonly people: readonly ReportedPerson[]
  readonly roles: readonly number[]
}

/** People, their roles, the accounts of these; says where it shows only a part. */
export function graph(people: readonly ReportedPerson[], roleArns: readonly string[], query: Query): readonly Part[] {
  const shown = choose(people, query)
  const accounts = [...new Set(shown.roles.map((role) => accountOf(roleArns, role)))].sort().slice(0, MOST.accounts)
  const height = Math.max(shown.people.length, shown.roles.length, accounts.length) * ROW
  const nodes = [
    ...column(
      'people',
      height,
      shown.people.map(({ username }) => [username, username]),
    ),
    ...column(
      'roles',
      height,
      shown.roles.map((role) => [shownRole(roleArns[role] ?? '').name, roleArns[role] ?? '']),
    ),
    ...column(
      'accounts',
      height,
      accounts.map((account) => [account, account]),
    ),
  ]
  const links = [
    ...shown.people.flatMap((person, from) =>
      shown.roles.flatMap((role, to) =>
        person.roles.includes(role) ? [[`people-${from}`, `roles-${to}`, person.source] as const] : [],
      ),
    ),
    ...shown.roles.flatMap((role, from) => {
      const to = accounts.indexOf(accountOf(roleArns, role))
      return to < 0 ? [] : [[`roles-${from}`, `accounts-${to}`, 'account'] as const]
    }),
  ]
  return [
    part('p', { class: 'quiet' }, extent(people, shown, query)),
    part(
      'svg',
      {
        viewBox: `0 -24 ${WIDTH} ${height + 30}`,
        role: 'img',
        'aria-label': 'People, their roles and the accounts of these',
      },
      ...headings(),
      ...links.map(([from, to, kind]) => link(nodes, from, to, kind)),
      ...nodes.map(box),
    ),
  ]
}

/** The first people, for as long as there is room for their roles. */
function choose(people: readonly ReportedPerson[], query: Query): Shown {
  const roles = new Set<number>()
  const chosen: ReportedPerson[] = []
  for (const person of people.slice(0, MOST.people)) {
    const meant = person.roles.filter((role) => query.isMeant(person, role))
    const isFull = new Set([...roles, ...meant]).size > MOST.roles
    if (isFull && chosen.length > 0) continue
    chosen.push(person)
    for (const role of meant.slice(0, MOST.roles)) roles.add(role)
  }
  return { people: chosen, roles: [...roles].sort((one, other) => one - other) }
}

function accountOf(roleArns: readonly string[], role: number): string {
  return shownRole(roleArns[role] ?? '').account
}

function extent(people: readonly ReportedPerson[], shown: Shown, query: Query): string {
  const meant = new Set(people.flatMap((person) => person.roles.filter((role) => query.isMeant(person, role))))
  const isWhole = shown.people.length === people.length && shown.roles.length === meant.size
  if (isWhole) return 'All that was found. Point at something to see what it is linked to.'
  const parts = `${count(shown.people.length)} of ${count(people.length)} people and ${count(shown.roles.length)} of ${count(meant.size)} of their roles`
  return `A part only: ${parts}. Narrow the search to see another.`
}

function column(kind: Node['kind'], height: number, texts: readonly (readonly [string, string])[]): readonly Node[] {
  const step = Math.min(height / Math.max(1, texts.length), 2 * ROW)
  const top = (height - step * texts.length) / 2
  return texts.map(([text, label], index) => ({
    id: `${kind}-${index}`,
    kind,
    text,
    label,
    y: top + (index + 0.5) * step,
  }))
}

function headings(): readonly Part[] {
  const titles = [
    ['people', 'Person'],
    ['roles', 'Role'],
    ['accounts', 'Account'],
  ] as const
  return titles.map(([kind, title]) => part('text', { class: 'heading', x: columns[kind].x + 8, y: -10 }, title))
}

function link(nodes: readonly Node[], from: string, to: string, kind: string): Part {
  const [start, end] = [from, to].map((id) => nodes.find((node) => node.id === id))
  if (start === undefined || end === undefined) return part('g', {})
  const x1 = columns[start.kind].x + columns[start.kind].width
  const x2 = columns[end.kind].x
  const middle = (x1 + x2) / 2
  const path = `M${x1} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${x2} ${end.y}`
  return part('path', { class: `link ${kind}`, d: path, 'data-from': from, 'data-to': to })
}

function box({ id, kind, text, label, y }: Node): Part {
  const { x, width } = columns[kind]
  return part(
    'g',
    { class: `node ${kind}`, 'data-node': id },
    part('title', {}, label),
    part('rect', { x, y: y - BOX / 2, width, height: BOX, rx: 3 }),
    part('text', { x: x + 8, y: y + 4 }, cut(text, Math.floor((width - 14) / LETTER))),
  )
}

function cut(text: string, most: number): Content {
  const letters = Array.from(escapeControls(text))
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`
}
