import { type Part, part } from '../markup.ts'
import { type EventKind, eventKinds, type ReportedDay, TIMELINE } from '../report-data.ts'
import { count, counted } from './moments.ts'

/** Units of the drawing: a day is 3 wide. */
const STEP = 3
const HEIGHT = 110
const AXIS = 18
const DAY = 86_400_000

const kindWords: Readonly<Record<EventKind, string>> = {
  set: 'set on the command line',
  ended: 'removed or ended',
  sso: 'SSO login',
  refused: 'SSO login refused',
}

/** A bar for each of the last 365 days. */
export function timeline(days: readonly ReportedDay[], madeAt: string): Part {
  const end = Date.parse(madeAt.slice(0, 10))
  const most = Math.max(1, ...days.map(totalOf))
  const xOf = (day: string) => (TIMELINE - 1 - (end - Date.parse(day)) / DAY) * STEP
  return part(
    'figure',
    { class: 'timeline' },
    part(
      'svg',
      { viewBox: `0 0 ${TIMELINE * STEP} ${HEIGHT + AXIS}`, role: 'img', 'aria-label': label(days) },
      ...monthsOf(end).flatMap((month) => monthMark(month, xOf(`${month}-01`))),
      part('line', { class: 'ground', x1: 0, x2: TIMELINE * STEP, y1: HEIGHT, y2: HEIGHT }),
      ...days.map((day) => bar(day, xOf(day.day), most)),
    ),
    legend(days, most),
  )
}

function totalOf({ counts }: ReportedDay): number {
  return eventKinds.reduce((sum, kind) => sum + counts[kind], 0)
}

function label(days: readonly ReportedDay[]): string {
  const total = days.reduce((sum, day) => sum + totalOf(day), 0)
  return `${counted(total, 'event', 'events')} on ${counted(days.length, 'day', 'days')} of the last ${TIMELINE}`
}

/** Those that begin within the timeline, as `2026-03`. */
function monthsOf(end: number): readonly string[] {
  const days = Array.from({ length: TIMELINE }, (_, index) => new Date(end - index * DAY).toISOString())
  return days.filter((day) => day.slice(8, 10) === '01').map((day) => day.slice(0, 7))
}

function monthMark(month: string, x: number): readonly Part[] {
  const line = part('line', { x1: x, x2: x, y1: 0, y2: HEIGHT + 5 })
  return [line, part('text', { x: x + 3, y: HEIGHT + AXIS - 4 }, month)]
}

function bar(day: ReportedDay, x: number, most: number): Part {
  const present = eventKinds.filter((kind) => day.counts[kind] > 0)
  let top = HEIGHT
  const rects = present.map((kind) => {
    const height = Math.max(1, (day.counts[kind] / most) * (HEIGHT - 4))
    top -= height
    return part('rect', { class: kind, x, y: top.toFixed(1), width: STEP - 0.4, height: height.toFixed(1) })
  })
  const words = present.map((kind) => `${count(day.counts[kind])} ${kindWords[kind]}`)
  return part('g', {}, part('title', {}, `${day.day}: ${words.join(', ')}`), ...rects)
}

function legend(days: readonly ReportedDay[], most: number): Part {
  const sumOf = (kind: EventKind) => days.reduce((sum, { counts }) => sum + counts[kind], 0)
  const items = eventKinds.map((kind) =>
    part('li', { class: kind }, part('strong', {}, count(sumOf(kind))), ` ${kindWords[kind]}`),
  )
  const scale = part('li', { class: 'scale' }, `highest bar: ${counted(most, 'event', 'events')} on one day`)
  return part('ul', { class: 'legend' }, ...items, scale)
}
