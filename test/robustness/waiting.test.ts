import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst } from '../support/arns.ts'
import { sqlite } from '../support/sqlite.ts'

const directory = temporaryDirectory()

const HOLDER = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute('BEGIN IMMEDIATE')
print('held', flush=True)
sys.stdin.read()
database.execute('COMMIT')
`

/** Holds the write lock of a store until it is told to let go. */
async function holdLock(file: string): Promise<() => void> {
  const holder = spawn('python3', ['-c', HOLDER, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  return () => void holder.stdin.end()
}

describe('a command that waited for the store', () => {
  test('acts and records at the time when its turn came, so that the log never runs backwards', async () => {
    const file = join(directory, 'log.db')
    await admin(['set-aws-role-arns', 'first', analyst, '--database', file])
    const letGo = await holdLock(file)
    const runs = []
    for (const user of ['a', 'b', 'c', 'd', 'e']) {
      runs.push(admin(['set-aws-role-arns', user, analyst, '--database', file]))
      // A second between the starts makes a time that was read before waiting show.
      await new Promise((resolve) => setTimeout(resolve, 700))
    }
    const released = `${new Date().toISOString().slice(0, 19)}Z`
    letGo()
    await Promise.all(runs)
    const moments: string[] = sqlite(file, 'SELECT at FROM events ORDER BY id').map(({ at }: { at: string }) => at)
    expect(moments).toEqual([...moments].sort())
    expect(moments.slice(1).every((at) => at >= released)).toBe(true)
  })

  test('does not set what has ended meanwhile', async () => {
    const file = join(directory, 'expiry.db')
    await admin(['set-aws-role-arns', 'first', analyst, '--database', file])
    const letGo = await holdLock(file)
    const soon = new Date(Date.now() + 2000).toISOString().slice(0, 19)
    const run = adminJson(['set-aws-role-arns', 'brief', analyst, '--expires', `${soon}Z`, '--database', file])
    await new Promise((resolve) => setTimeout(resolve, 3000))
    letGo()
    const { json, exitCode } = await run
    expect({ exitCode, code: json.error?.code }).toEqual({ exitCode: 2, code: 'INVALID_EXPIRY' })
    expect(sqlite(file, "SELECT count(*) AS events FROM events WHERE username = 'brief'")).toEqual([{ events: 0 }])
  })
})
