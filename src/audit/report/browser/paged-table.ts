import { type Part, part } from '../markup.ts'
import { count } from '../view/moments.ts'
import type { RowOptions } from '../view/people-table.ts'
import { toNode } from './dom.ts'

const PAGE = 100

export interface PagedTableOptions<T> {
  readonly table: HTMLTableElement
  readonly keyOf: (item: T) => number
  readonly rows: (item: T, options: RowOptions & { readonly allRoles: boolean }) => readonly Part[]
}

/** A table of which a page is there at a time; arrows, Page Up, Page Down, Home, End and Enter work in all of it. */
export class PagedTable<T> {
  readonly #options: PagedTableOptions<T>
  readonly #body: HTMLElement
  readonly #extent: Node = toNode(part('span', {}))
  readonly #previous = pageButton('Previous')
  readonly #next = pageButton('Next')
  readonly #pager = document.createElement('nav')
  readonly #open = new Set<number>()
  #items: readonly T[] = []
  /** Index of the row where the keyboard is. */
  #active = 0

  constructor(options: PagedTableOptions<T>) {
    this.#options = options
    this.#body = options.table.tBodies[0] ?? options.table.createTBody()
    this.#pager.className = 'pager controls'
    this.#pager.setAttribute('aria-label', 'Pages')
    this.#pager.append(this.#previous, this.#extent, this.#next)
    options.table.after(this.#pager)
    this.#previous.addEventListener('click', () => this.#turn(-1))
    this.#next.addEventListener('click', () => this.#turn(1))
    this.#body.addEventListener('click', (event) => this.#press(event))
    options.table.addEventListener('keydown', (event) => this.#type(event))
  }

  show(items: readonly T[]): void {
    this.#items = items
    this.#active = 0
    this.draw()
  }

  /** All rows, for paper. */
  drawWhole(): void {
    this.#body.replaceChildren(...this.#items.flatMap((item) => this.#rows(item, false, true)))
  }

  draw(): void {
    const first = this.#first
    const shown = this.#items.slice(first, first + PAGE)
    const nodes = shown.flatMap((item, index) => this.#rows(item, first + index === this.#active, false))
    this.#body.replaceChildren(...nodes)
    this.#pager.hidden = this.#items.length <= PAGE
    this.#previous.disabled = first === 0
    this.#next.disabled = first + PAGE >= this.#items.length
    this.#extent.textContent = `${count(first + 1)}–${count(first + shown.length)} of ${count(this.#items.length)}`
  }

  focus(): void {
    this.#body.querySelector<HTMLElement>('button[tabindex="0"]')?.focus()
  }

  get #first(): number {
    return Math.floor(this.#active / PAGE) * PAGE
  }

  #rows(item: T, isEntry: boolean, allRoles: boolean): readonly Node[] {
    const key = this.#options.keyOf(item)
    const isOpen = !allRoles && this.#open.has(key)
    return this.#options.rows(item, { key, isOpen, isEntry, allRoles }).map((row) => toNode(row))
  }

  #turn(pages: number): void {
    this.#active = Math.min(Math.max(0, this.#first + pages * PAGE), Math.max(0, this.#items.length - 1))
    this.draw()
  }

  #press(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('.opener') : null
    if (button === null) return
    const key = Number(button.dataset.key)
    if (!this.#open.delete(key)) this.#open.add(key)
    this.#active = this.#items.findIndex((item) => this.#options.keyOf(item) === key)
    this.draw()
    this.focus()
  }

  #type(event: KeyboardEvent): void {
    const isOnRow = event.target instanceof Element && event.target.classList.contains('opener')
    const to = isOnRow ? this.#destination(event.key) : undefined
    if (to === undefined) return
    event.preventDefault()
    this.#active = Math.min(Math.max(0, to), this.#items.length - 1)
    this.draw()
    this.focus()
  }

  #destination(key: string): number | undefined {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#first + PAGE,
      PageUp: this.#first - PAGE,
      Home: 0,
      End: this.#items.length - 1,
    }
    return steps[key]
  }
}

function pageButton(text: string): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = text
  return button
}
