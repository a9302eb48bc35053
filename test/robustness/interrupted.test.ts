import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, startAdmin, temporaryDirectory } from '../support/admin.ts'
import { analyst } from '../support/arns.ts'

const directory = temporaryDirectory()
const file = join(directory, 'admin.db')
const env = { ADMIN_DATABASE: file }
const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const TIMES = 16

beforeAll(async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `person-${index},${analyst}`)
  await admin(['import-aws-role-arns', '-'], { env, stdin: lines.join('\n') })
}, 60_000)

/** Sends the signal at a moment of the run, and waits for its end. */
async function interrupt(argv: readonly string[], signal: NodeJS.Signals, milliseconds: number): Promise<void> {
  const child = startAdmin(argv, { env })
  const timer = setTimeout(() => child.kill(signal), milliseconds)
  await new Promise((resolve) => child.on('close', resolve))
  clearTimeout(timer)
}

/** Moments that spread over a little more than a run takes. */
async function momentsOf(argv: readonly string[]): Promise<readonly number[]> {
  const started = performance.now()
  await admin(argv, { env })
  const usual = performance.now() - started
  return Array.from({ length: TIMES }, (_, index) => ((index + 1) / TIMES) * usual * 1.1)
}

describe.each(SIGNALS)('a command that ends by %s', (signal) => {
  test('store copy: the other store is not there, empty or whole, never half', async () => {
    const copyTo = (target: string) => ['store', 'copy', '--to', target]
    for (const moment of await momentsOf(copyTo(join(directory, `${randomUUID()}.db`)))) {
      const target = join(directory, `${randomUUID()}.db`)
      await interrupt(copyTo(target), signal, moment)
      if (!existsSync(target)) continue
      const { json, exitCode } = await adminJson(['store', 'status', '--database', target])
      expect([exitCode, [0, 5000]]).toEqual([0, expect.arrayContaining([json.assignments])])
      expect(json.events).toBe(json.assignments)
    }
  }, 120_000)

  test('audit report: the page is not there or whole', async () => {
    const reportTo = (page: string) => ['audit', 'report', '--output', page]
    for (const moment of await momentsOf(reportTo(join(directory, randomUUID())))) {
      const page = join(directory, randomUUID())
      await interrupt(reportTo(page), signal, moment)
      if (existsSync(page)) expect(readFileSync(page, 'utf8')).toMatch(/<\/html>\s*$/)
    }
  }, 120_000)
})
