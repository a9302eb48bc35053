import { execFile } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { parseUsername } from '../../src/assignments/username.ts'
import type { EventRow } from '../../src/audit/hash-chain.ts'
import { verifyChain } from '../../src/audit/verify-chain.ts'
import type { Store } from '../../src/store/store.ts'
import { describePostgres, newPostgresStore } from '../support/engines.ts'
import { openAt } from '../support/open-store.ts'
import { Model, type Performed } from '../support/operations.ts'

const EACH = 5000
const PROGRAM = join(import.meta.dirname, '..', 'support', 'interleaver.ts')

/** Two processes, each with a connection of its own, at the same store. */
async function interleave(url: string): Promise<readonly Performed[]> {
  const seed = Math.floor(Math.random() * 1_000_000)
  process.stderr.write(`seed of the interleaved operations: ${seed}\n`)
  const run = async (own: number): Promise<readonly Performed[]> => {
    const words = ['--no-warnings', PROGRAM, url, String(own), String(EACH)]
    return JSON.parse((await promisify(execFile)(process.execPath, words, { maxBuffer: 2 ** 27 })).stdout)
  }
  const performed = (await Promise.all([run(seed), run(seed + 1)])).flat()
  return performed.toSorted((one, other) => (BigInt(one.stamp) < BigInt(other.stamp) ? -1 : 1))
}

async function expectAsModel(store: Store, performed: readonly Performed[]): Promise<void> {
  const model = new Model()
  const outcomes = performed.map(({ operation }) => model.perform(operation))
  expect(performed.map(({ outcome }) => outcome)).toEqual(outcomes)
  expect(new Set(outcomes).size).toBeGreaterThan(10)
  const rows: EventRow[] = []
  for await (const batch of store.eventRows()) rows.push(...batch)
  const parsed = (text: string | null) => (text === null ? null : JSON.parse(text))
  const events = rows.map(({ at, action, username, before, after }) => ({
    ...{ at, action, username },
    ...{ before: parsed(before), after: parsed(after) },
  }))
  expect(events).toEqual(model.events)
  for (let index = 0; index < 25; index += 1) await expectAsModelled(store, model, `user-${index}`)
  expect(await verifyChain(store.eventRows())).toMatchObject({ verified: model.events.length, broken: null })
}

async function expectAsModelled(store: Store, model: Model, name: string): Promise<void> {
  const user = await store.findUser(parseUsername(name))
  const { source, roleArns, expiresAt } = user?.assignment ?? {}
  const assignment = user?.assignment ? { source, roleArns, expiresAt } : undefined
  expect([assignment, user?.login?.tokenIssuedAt]).toEqual([model.assignments.get(name), model.logins.get(name)])
}

describe('two processes that do 10,000 random things to one store', () => {
  test('leave what a model has that does them in the order of commits (sqlite)', async () => {
    const directory = mkdtempSync(join(memoryOrDisk(), 'admin-test-'))
    try {
      const file = join(directory, 'admin.db')
      await openAt(file)
      await expectAsModel(await openAt(file), await interleave(file))
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }, 300_000)
})

describePostgres('two processes that do 10,000 random things to one store', (server) => {
  test('leave what a model has that does them in the order of commits (postgres)', async () => {
    const { url } = await newPostgresStore(server())
    await openAt(url)
    await expectAsModel(await openAt(url), await interleave(url))
  }, 300_000)
})

/** The order is the question here, not the disk. */
function memoryOrDisk(): string {
  try {
    accessSync('/dev/shm', constants.W_OK)
    return '/dev/shm'
  } catch {
    return tmpdir()
  }
}
