import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type EventRow, eventHash, GENESIS_HASH } from '../../../src/audit/hash-chain.ts'
import { verifyChain } from '../../../src/audit/verify-chain.ts'

const MOST = 12

function chainOf(length: number): EventRow[] {
  const rows: EventRow[] = []
  for (let id = 1; id <= length; id += 1) rows.push(following(rows.at(-1), { username: `user-${id}` }))
  return rows
}

function following(last: EventRow | undefined, fields: Partial<EventRow>): EventRow {
  const row = {
    id: (last?.id ?? 0) + 1,
    at: '2026-01-01T00:00:00Z',
    action: 'set',
    actor: 'root',
    actor_uid: 0,
    host: 'here',
    username: null,
    before: null,
    after: '{}',
    reason: null,
    details: null,
    previous_hash: last?.hash ?? GENESIS_HASH,
    ...fields,
  }
  return { ...row, hash: fields.hash ?? eventHash(row) }
}

async function* inBatches(rows: readonly EventRow[], size: number): AsyncGenerator<readonly EventRow[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}

const verified = (rows: readonly EventRow[], hash: string | null = null, size = 3) =>
  verifyChain(inBatches(rows, size), hash)

const brokenAt = async (rows: readonly EventRow[]) => {
  const { broken } = await verified(rows)
  return broken === null ? null : { id: broken.id, kind: broken.kind }
}

const renumbered = (rows: readonly EventRow[]): EventRow[] => rows.map((row, index) => ({ ...row, id: index + 1 }))

describe('a chain', () => {
  test('that nobody touched is whole, whatever batches it comes in', async () => {
    const rows = chainOf(MOST)
    for (let size = 1; size <= MOST + 1; size += 1) {
      const whole = { verified: MOST, headHash: rows.at(-1)?.hash, broken: null, expected: null }
      expect(await verified(rows, null, size)).toEqual(whole)
    }
  })

  test('of no event is whole and has no head', async () => {
    expect(await verified([])).toEqual({ verified: 0, headHash: null, broken: null, expected: null })
  })

  test('has the hash of each of its events, and no other', async () => {
    const rows = chainOf(MOST)
    for (const { id, hash } of rows) expect((await verified(rows, hash)).expected).toBe(id)
    expect((await verified(rows, 'f'.repeat(64))).expected).toBeNull()
    expect((await verified(rows.slice(0, 5), rows[5]?.hash)).expected).toBeNull()
  })

  test('that was changed anywhere, in any column, is broken there', async () => {
    const columns = fc.constantFrom<keyof EventRow>(
      ...(['id', 'at', 'action', 'actor', 'actor_uid', 'host', 'username', 'before', 'after'] as const),
      ...(['reason', 'details', 'previous_hash', 'hash'] as const),
    )
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null))
    await fc.assert(
      fc.asyncProperty(fc.nat(MOST - 1), columns, value, async (index, column, changed) => {
        const rows = chainOf(MOST)
        fc.pre(rows[index]?.[column] !== changed)
        const tampered = rows.map((row, at) => (at === index ? { ...row, [column]: changed } : row))
        expect((await verified(tampered)).broken?.kind).toBeDefined()
        expect((await verified(tampered)).verified).toBe(index)
      }),
    )
  })

  test.each(Array.from({ length: MOST - 1 }, (_, index) => index))(
    'tells what was done to the event behind %i others',
    async (index) => {
      const rows = chainOf(MOST)
      const id = index + 1
      const [before, row, after] = [rows.slice(0, index), rows[index], rows.slice(index + 1)]
      if (row === undefined) throw new Error('the chain is too short')
      const [next, ...others] = after
      if (next === undefined) throw new Error('the chain is too short')
      const forged = following(before.at(-1), { actor: 'mallory' })
      const garbage = { ...forged, previous_hash: 'x'.repeat(64), hash: 'y'.repeat(64) }
      expect(await brokenAt([...before, { ...row, actor: 'mallory' }, ...after])).toEqual({ id, kind: 'edited' })
      expect(await brokenAt([...before, forged, ...after])).toEqual({ id: id + 1, kind: 'edited' })
      expect(await brokenAt([...before, { ...row, previous_hash: 'x' }, ...after])).toEqual({ id, kind: 'edited' })
      expect(await brokenAt([...before, ...after])).toEqual({ id: id + 1, kind: 'deleted' })
      const closed = renumbered([...before, ...after])
      if (others.length > 0) expect(await brokenAt(closed)).toEqual({ id, kind: 'deleted' })
      expect(await brokenAt(renumbered([...before, forged, row, ...after]))).toEqual({ id: id + 1, kind: 'inserted' })
      expect(await brokenAt(renumbered([...before, garbage, row, ...after]))).toEqual({ id, kind: 'inserted' })
      expect(await brokenAt(renumbered([...before, next, row, ...others]))).toEqual({ id, kind: 'reordered' })
    },
  )

  test('is broken by what stands before its first event or behind its last', async () => {
    const rows = chainOf(3)
    const forged = following(undefined, { id: 0 })
    expect(await brokenAt([forged, ...rows])).toEqual({ id: 0, kind: 'inserted' })
    const appended = following(rows.at(-1), { previous_hash: 'x'.repeat(64), hash: 'y'.repeat(64) })
    expect(await brokenAt([...rows, appended])).toEqual({ id: 4, kind: 'inserted' })
  })
})
