/** What is looked for and how it is shown. It stands in the fragment of the address, so that a link keeps it. */
export interface PageState {
  readonly query: string
  /** Empty is all. */
  readonly account: string
  readonly source: string
  readonly show: string
  readonly view: string
  /** A column's key; with `-` before it, downwards. */
  readonly sort: string
}

export const initialState: PageState = { query: '', account: '', source: '', show: '', view: 'person', sort: 'user' }

const names: Readonly<Record<keyof PageState, string>> = {
  query: 'q',
  account: 'account',
  source: 'source',
  show: 'show',
  view: 'view',
  sort: 'sort',
}

const keys = Object.keys(names) as readonly (keyof PageState)[]

/** `null` where the fragment names a place of the page and no state. */
export function readFragment(fragment: string): PageState | null {
  const text = fragment.replace(/^#/, '')
  if (text !== '' && !text.includes('=')) return null
  const values = new URLSearchParams(text)
  const known = keys.map((key) => [key, values.get(names[key]) ?? initialState[key]])
  return Object.fromEntries(known) as PageState
}

/** Empty where all is as at first. */
export function toFragment(state: PageState): string {
  const changed = keys.filter((key) => state[key] !== initialState[key])
  return new URLSearchParams(changed.map((key) => [names[key], state[key]])).toString()
}
