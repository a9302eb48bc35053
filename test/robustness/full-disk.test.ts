import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst } from '../support/arns.ts'
import { remountReadOnly, testWithDisk, withSmallDisk } from '../support/small-disk.ts'
import { newStore } from '../support/store.ts'

const temporary = temporaryDirectory()

/** From too small for a store to large enough for one and its first change. */
const sizes = [8, 60, 100, 140, 150, 160, 170, 180, 184, 188, 192, 196, 200, 240, 400]
const lines = Array.from({ length: 500 }, (_, index) => `person-${index},${analyst}`).join('\n')

/** Makes a store on a disk of that size; tells how that ended, and what of what is there is not sound. */
async function outcome(argv: readonly string[], kilobytes: number, taken = 0): Promise<string> {
  return withSmallDisk({ kilobytes, taken }, async (directory) => {
    const options = { env: { ADMIN_DATABASE: join(directory, 's.db') }, stdin: lines }
    const { exitCode, json } = await adminJson(argv, options)
    const files = readdirSync(directory).filter((name) => name !== 'taken')
    if (files.length === 0) return `${kilobytes}k: ${exitCode} ${json.error?.code}, no file`
    const [status, verified] = [await admin(['store', 'status'], options), await admin(['audit', 'verify'], options)]
    return `${kilobytes}k: ${exitCode}, ${status.exitCode === 0 && verified.exitCode === 0 ? 'sound' : files.join(' ')}`
  })
}

describe('a disk that is nearly full gets a sound store, or none and exit 7', () => {
  testWithDisk('by set-aws-role-arns', async () => {
    const outcomes: string[] = []
    for (const size of sizes) outcomes.push(await outcome(['set-aws-role-arns', 'alice', analyst], size))
    expect(outcomes.filter((seen) => !GOOD.test(seen))).toEqual([])
    expect([outcomes.at(0), outcomes.at(-1)]).toEqual(['8k: 7 UNAVAILABLE_STORE, no file', '400k: 0, sound'])
  })

  testWithDisk('by import-aws-role-arns', async () => {
    const outcomes: string[] = []
    for (const size of sizes) outcomes.push(await outcome(['import-aws-role-arns', '-'], size + 120, 120))
    expect(outcomes.filter((seen) => !GOOD.test(seen))).toEqual([])
  })
})

const GOOD = /^\d+k: (7 UNAVAILABLE_STORE, no file|[07], sound)$/

testWithDisk('a report that does not fit leaves nothing and ends with exit 7', async () => {
  const store = await newStore(temporary)
  await withSmallDisk({ kilobytes: 16 }, async (directory) => {
    const argv = ['audit', 'report', '--output', join(directory, 'report.html'), '--database', store]
    const { json, exitCode } = await adminJson(argv)
    expect([exitCode, json.error.code]).toEqual([7, 'UNAVAILABLE_OUTPUT'])
    expect(json.error.message).toContain('the disk is full')
    expect(readdirSync(directory)).toEqual([])
  })
})

testWithDisk('a store on a disk that is mounted for reading only says what can be read there', async () => {
  await withSmallDisk({ kilobytes: 4000 }, async (directory) => {
    const file = await newStore(directory)
    const copy = join(directory, 'copy.db')
    await admin(['store', 'backup', copy, '--database', file])
    const bare = await newStore(directory)
    for (const companion of ['-wal', '-shm']) rmSync(`${bare}${companion}`)
    remountReadOnly(directory)
    for (const argv of [
      ['get-aws-role-arns', 'alice', '--database', bare],
      ['set-aws-role-arns', 'bob', analyst, '--database', file],
    ]) {
      const { json, exitCode } = await adminJson(argv)
      expect([exitCode, json.error.code]).toEqual([6, 'DENIED_STORE'])
      expect(json.error.message).toMatch(/mounted for reading only.*\n.*store backup/)
    }
    expect((await admin(['get-aws-role-arns', 'alice', '--database', copy])).stdout).toBe(`${analyst}\n`)
  })
})
