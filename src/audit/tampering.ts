import { type EventRow, eventHash } from './hash-chain.ts'

/** What was done to a log that is not as it was written. */
export type Tampering = 'edited' | 'deleted' | 'inserted' | 'reordered'

/** Where a chain breaks: the first event that does not fit, and what stands around it. */
export interface ChainBreak {
  readonly row: EventRow
  readonly expectedId: number
  /** The hashes of the last sound event and of the one before that. */
  readonly head: string
  readonly beforeHead: string | null
  readonly next: EventRow | null
  /** The event that the row says it follows stands further down. */
  readonly isPredecessorBelow: boolean
}

export interface BrokenEvent {
  readonly id: number
  readonly kind: Tampering
  readonly problem: string
}

/** Names what happened where a chain breaks, as far as the rows around it tell. */
export function describeBreak(found: ChainBreak): BrokenEvent {
  const { row, expectedId, head } = found
  const [kind, problem] =
    row.id !== expectedId ? numbering(found) : row.previous_hash === head ? EDITED : displacement(found)
  return { id: row.id, kind, problem }
}

const EDITED: Finding = ['edited', 'its content does not match its hash: it was edited']

type Finding = readonly [Tampering, string]

function numbering({ row, expectedId, head }: ChainBreak): Finding {
  const expected = `expected event ${expectedId} here`
  if (row.id < expectedId) return ['inserted', `${expected}: an event was inserted`]
  if (row.previous_hash === head) return ['edited', `${expected}: its number was edited`]
  return [
    'deleted',
    `${expected}: ${row.id - expectedId === 1 ? 'it was' : `${row.id - expectedId} events were`} removed`,
  ]
}

/** The number is right, but the event before is not the one that the row says it follows. */
function displacement(found: ChainBreak): Finding {
  const { row, head, beforeHead, next } = found
  const words = 'it does not follow the event before it'
  if (eventHash({ ...row, previous_hash: head }) === row.hash) return ['edited', `${words}: its link was edited`]
  if (found.isPredecessorBelow) return ['reordered', `${words}: events were reordered`]
  if (next?.previous_hash === head) return ['inserted', `${words}: it was inserted`]
  if (row.previous_hash === beforeHead) return ['inserted', `${words}: event ${row.id - 1} was inserted`]
  if (eventHash(row) === row.hash) return ['edited', `${words}: event ${row.id - 1} was replaced`]
  if (next === null) return ['inserted', `${words}: it was inserted`]
  return ['deleted', `${words}: an event was removed and those after it renumbered`]
}
