import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer } from '../support/arns.ts'
import { describeEngines } from '../support/engines.ts'
import { sqlite } from '../support/sqlite.ts'

const directory = temporaryDirectory()
const shim = join(directory, 'clock.cjs')
const DAY = 86_400

/** For a process whose clock is so many seconds ahead. */
const ahead = (seconds: number) => ({ NODE_OPTIONS: `--require=${shim}`, CLOCK_AHEAD: String(seconds) })

beforeAll(() => {
  writeFileSync(
    shim,
    `const Real = Date
    const now = () => Real.now() + 1000 * Number(process.env.CLOCK_AHEAD)
    globalThis.Date = class extends Real {
      constructor(...values) { if (values.length === 0) super(now()); else super(...values) }
      static now() { return now() }
    }`,
  )
})

describeEngines('after a change by a clock that was ahead', (engine) => {
  test.each([
    ['minutes', 280, null],
    ['days', 3 * DAY, '3 days ahead'],
    ['decades', 25_000 * DAY, '25000 days ahead'],
  ])('by %s, others set what ends soon, and it holds until then', async (_, seconds, warning) => {
    const { url } = await engine.newStore()
    const env = { ADMIN_DATABASE: url }
    await admin(['set-aws-role-arns', 'early', analyst], { env: { ...env, ...ahead(seconds) } })
    const set = await admin(['set-aws-role-arns', 'alice', analyst, '--expires', '4m'], { env })
    const change = await admin(['set-aws-role-arns', 'alice', engineer, '--expires', '3m'], { env })
    expect([set.exitCode, change.exitCode]).toEqual([0, 0])
    if (warning === null) expect(set.stderr).not.toContain('ahead')
    else expect(set.stderr).toContain(`Warning: the newest event of the log is from `)
    expect(set.stderr).toContain(warning ?? '')
    expect((await admin(['get-aws-role-arns', 'alice'], { env })).stdout).toBe(`${engineer}\n`)
    const actions = (await adminJson(['audit', 'log', '--user', 'alice'], { env })).json
    expect(actions.map(({ action }: { action: string }) => action)).toEqual(['set', 'set'])
    expect((await adminJson(['audit', 'verify', '--state'], { env })).exitCode).toBe(0)
  })
})

describe('a clock that was ahead', () => {
  const set = (file: string, env = {}) =>
    admin(['set-aws-role-arns', randomUUID(), analyst, '--database', file], { env })

  test('leaves the log in the order of time', async () => {
    const file = join(directory, `${randomUUID()}.db`)
    for (const seconds of [0, 4000, 0, 600, 9000]) await set(file, ahead(seconds))
    const times = sqlite(file, 'SELECT at FROM events ORDER BY id').map(({ at }: { at: string }) => at)
    expect(times).toEqual([...times].sort())
    expect(times[2]).toBe(times[1])
  })

  test('is told of once by an import of many', async () => {
    const file = join(directory, `${randomUUID()}.db`)
    await set(file, ahead(4000))
    const expiresAt = new Date(Date.now() + 600_000).toISOString()
    const lines = ['a', 'b', 'c'].map((username) => JSON.stringify({ username, roleArns: [analyst], expiresAt }))
    const run = await admin(['import-aws-role-arns', '-', '--database', file], { stdin: lines.join('\n') })
    expect(run.exitCode).toBe(0)
    expect(run.stderr.split('ahead of this clock')).toHaveLength(2)
  })
})
