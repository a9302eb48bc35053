import type { ReportedPerson } from '../report-data.ts'
import { heldRoles } from '../view/held-roles.ts'
import { count, counted } from '../view/moments.ts'
import { personRows } from '../view/people-table.ts'
import { type HeldRole, roleRows } from '../view/roles-table.ts'
import { byId, toNode } from './dom.ts'
import { graph } from './graph.ts'
import type { PageState } from './page-state.ts'
import { PagedTable } from './paged-table.ts'
import { compile } from './query.ts'
import { sortPeople, sortRoles } from './sorting.ts'

/** The three views of who has what. */
export class Holdings {
  readonly #people: readonly ReportedPerson[]
  readonly #roleArns: readonly string[]
  /** People whom the page only counts. */
  readonly #unlisted: number
  readonly #persons: PagedTable<ReportedPerson>
  readonly #roles: PagedTable<HeldRole>
  #view = 'person'

  constructor(people: readonly ReportedPerson[], roleArns: readonly string[], total: number) {
    this.#people = people
    this.#roleArns = roleArns
    this.#unlisted = total - people.length
    const keys = new Map(people.map((person, index) => [person, index]))
    this.#persons = new PagedTable({
      table: byId('people', HTMLTableElement),
      keyOf: (person) => keys.get(person) ?? 0,
      rows: (person, options) => personRows(person, roleArns, options),
    })
    this.#roles = new PagedTable({
      table: byId('roles', HTMLTableElement),
      keyOf: ({ index }) => index,
      rows: roleRows,
    })
  }

  show(state: PageState): void {
    const query = compile(state, this.#roleArns)
    const wanted = sortPeople(this.#people.filter(query.isWanted), state.sort)
    const roles = heldRoles(wanted, this.#roleArns, query.isMeant)
    this.#persons.show(wanted)
    this.#roles.show(sortRoles(roles, state.sort))
    this.#choose(state.view)
    const pictures = state.view === 'graph' ? graph(wanted, this.#roleArns, query) : []
    byId('graph', HTMLElement).replaceChildren(...pictures.map((picture) => toNode(picture)))
    byId('found', HTMLElement).textContent = this.#extent(wanted, roles)
  }

  focus(): void {
    if (this.#view === 'role') this.#roles.focus()
    else this.#persons.focus()
  }

  drawWhole(): void {
    this.#persons.drawWhole()
    this.#roles.drawWhole()
  }

  draw(): void {
    this.#persons.draw()
    this.#roles.draw()
  }

  #choose(view: string): void {
    this.#view = view
    byId('by-person', HTMLElement).hidden = view !== 'person'
    byId('by-role', HTMLElement).hidden = view !== 'role'
    byId('graph', HTMLElement).hidden = view !== 'graph'
  }

  #extent(wanted: readonly ReportedPerson[], roles: readonly HeldRole[]): string {
    const isAll = this.#unlisted === 0
    const listed = counted(this.#people.length, 'person', 'people')
    const among = isAll ? listed : `the first ${listed} by name`
    const rest = isAll ? '' : `; ${counted(this.#unlisted, 'more person is', 'more people are')} not in this page`
    if (wanted.length === 0) return isAll ? 'Nobody found.' : `Nobody found among ${among}${rest}.`
    return `${count(wanted.length)} of ${among}, ${counted(roles.length, 'role', 'different roles')}${rest}`
  }
}
