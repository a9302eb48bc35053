import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { canonicalText, type EventRow } from '../src/audit/hash-chain.ts'
import { interleave, ratio, type Timings } from './interleave.ts'
import { atMost, type Row } from './table.ts'

const ROUNDS = 3
const MEGABYTE = 1024 ** 2
/** Bytes gathered before they are written. */
const CHUNK = 8 * MEGABYTE

export interface VerifyBench {
  readonly program: readonly string[]
  /** Of any size; one of a million events is what was promised. */
  readonly store: string
  readonly directory: string
  readonly say: (text: string) => void
}

/**
 * `audit verify` as a whole process against a process that hashes the same bytes, which it reads from a file, in one
 * loop: finding the rows in the store and making the texts of them is what ours does more. Beside it, the same as texts:
 * Node.js hashes a text faster than a buffer.
 */
export async function verifying({ program, store, directory, say }: VerifyBench): Promise<readonly Row[]> {
  const file = join(directory, 'events.bytes')
  const events = writeBytes(store, file)
  say(`verifying ${events.toLocaleString('en')} events, ${ROUNDS} rounds`)
  const loop = join(import.meta.dirname, 'hash-events.mjs')
  const timings = await interleave(
    { rounds: ROUNDS, warmUps: 1 },
    {
      texts: [process.execPath, loop, 'texts', file],
      bytes: [process.execPath, loop, 'bytes', file],
      verify: [...program, 'audit', 'verify', '--database', store],
    },
    { PATH: process.env.PATH ?? '', HOME: directory },
  )
  rmSync(file)
  const of = (name: string): Timings => timings.get(name) ?? { seconds: [], bytes: [] }
  const work = `audit verify, ${events.toLocaleString('en')} events`
  return [
    atMost(work, ratio(of('verify'), of('bytes')), 2.5, 'x node hashing the same bytes'),
    {
      work: '',
      measured: `${ratio(of('verify'), of('texts')).toFixed(2)} x the same as texts`,
      target: '',
      isMet: true,
    },
    atMost('  peak memory', Math.max(...of('verify').bytes) / MEGABYTE, 200, 'MB'),
  ]
}

/** Answers how many events there are. */
function writeBytes(store: string, file: string): number {
  const database = new Database(store, { readonly: true })
  const descriptor = openSync(file, 'w')
  const chunk: Buffer[] = []
  let [events, size] = [0, 0]
  const flush = () => {
    writeSync(descriptor, Buffer.concat(chunk.splice(0)))
    size = 0
  }
  for (const row of database.prepare<[], EventRow>('SELECT * FROM events ORDER BY id').iterate()) {
    const text = Buffer.from(canonicalText(row))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(text.length)
    chunk.push(length, text)
    events += 1
    size += text.length
    if (size > CHUNK) flush()
  }
  flush()
  closeSync(descriptor)
  database.close()
  return events
}
