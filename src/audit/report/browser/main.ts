import { type PageData, unpackPeople } from '../packed-people.ts'
import { byId } from './dom.ts'
import { Holdings } from './holdings.ts'
import { lightUpLinks } from './light-up-links.ts'
import { initialState, type PageState, readFragment, toFragment } from './page-state.ts'
import { offerSorting, showSorting } from './sort-buttons.ts'
import { offerThemes } from './theme.ts'

const data: PageData = JSON.parse(byId('data', HTMLScriptElement).textContent ?? '')
const holdings = new Holdings(unpackPeople(data.people), data.roleArns, data.total)
const query = byId('query', HTMLInputElement)
const selects = {
  account: byId('account', HTMLSelectElement),
  source: byId('source', HTMLSelectElement),
  show: byId('show', HTMLSelectElement),
}
const views = [...document.querySelectorAll<HTMLButtonElement>('[data-view]')]
let state = initialState

for (const control of document.querySelectorAll<HTMLElement>('.controls, #found')) control.hidden = false
byId('without-script', HTMLElement).hidden = true
offerThemes()
offerSorting((sort) => change({ sort }))
lightUpLinks(byId('graph', HTMLElement))
query.addEventListener('input', () => change({ query: query.value }))
byId('account', HTMLSelectElement).addEventListener('change', () => change({ account: selects.account.value }))
byId('source', HTMLSelectElement).addEventListener('change', () => change({ source: selects.source.value }))
byId('show', HTMLSelectElement).addEventListener('change', () => change({ show: selects.show.value }))
byId('clear', HTMLButtonElement).addEventListener('click', () => change({ ...initialState, view: state.view }))
byId('filter', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault())
byId('print', HTMLButtonElement).addEventListener('click', () => print())
for (const button of views) button.addEventListener('click', () => change({ view: button.dataset.view ?? 'person' }))
addEventListener('hashchange', follow)
addEventListener('beforeprint', openAll)
addEventListener('afterprint', () => holdings.draw())
addEventListener('keydown', reachSearch)
query.addEventListener('keydown', leaveSearch)
show(initialState)
if (location.hash !== '') follow()

/** What a person does; the address follows. */
function change(part: Partial<PageState>): void {
  show({ ...state, ...part })
  const fragment = toFragment(state)
  history.replaceState(null, '', fragment === '' ? location.pathname + location.search : `#${fragment}`)
}

/** A link of the page, or another address. */
function follow(): void {
  const next = readFragment(location.hash)
  if (next === null) return
  show(next)
  byId('holdings', HTMLElement).scrollIntoView()
}

function show(next: PageState): void {
  state = next
  if (query.value !== state.query) query.value = state.query
  selects.account.value = state.account
  selects.source.value = state.source
  selects.show.value = state.show
  for (const button of views) button.setAttribute('aria-pressed', String(button.dataset.view === state.view))
  showSorting(state.sort)
  holdings.show(state)
}

/** On paper nothing can be opened. */
function openAll(): void {
  for (const details of document.querySelectorAll('details')) details.open = true
  holdings.drawWhole()
}

function reachSearch(event: KeyboardEvent): void {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  query.focus()
  query.select()
}

function leaveSearch(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
  event.preventDefault()
  holdings.focus()
}
