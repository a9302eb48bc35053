import { type Content, foreign, part } from '../markup.ts'

/** `2026-03-01T09:30:00Z` as `2026-03-01 09:30`, the whole of it for machines; what is no moment is shown as it is. */
export function moment(text: string | null, nothing = '–'): Content {
  if (text === null) return nothing
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)
  if (!isMoment) return foreign(text)
  return part('time', { datetime: text }, `${text.slice(0, 10)} `, part('small', {}, text.slice(11, 16)))
}

/** `1,234,567` whatever the language of the host. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 person`, `2 people`. */
export function counted(number: number, one: string, many: string): string {
  return `${count(number)} ${number === 1 ? one : many}`
}
