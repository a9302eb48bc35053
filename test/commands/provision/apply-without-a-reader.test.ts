import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { adminFile } from '../../support/admin.ts'
import { provisionBench, roleFor } from '../../support/provision-bench.ts'

const bench = provisionBench()
const names = Array.from({ length: 12 }, (_, index) => `role-${index + 10}`)
const twelve = () => bench.spec(Object.fromEntries(names.map((name) => [name, roleFor('alice')])))

/** Runs `provision apply` in a pipeline; answers what the pipeline printed and how `admin` ended. */
async function inPipeline(after: string, flags = ''): Promise<{ readonly stdout: string; readonly exitCode: number }> {
  const line = `"${process.execPath}" "${adminFile}" provision apply "${twelve()}" --yes ${flags} ${after}; echo "exit \${PIPESTATUS[0]}"`
  const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...bench.env }
  const { stdout } = await promisify(execFile)('bash', ['-c', line], { env })
  return { stdout, exitCode: Number(/exit (\d+)/.exec(stdout)?.[1]) }
}

describe('provision apply whose reader has gone away', () => {
  test.each([
    ['in text', '| head -1', ''],
    ['as JSON', '| head -1', '--json'],
    ['before anything was said', '| true', ''],
    ['with what is told beside', '2>&1 | head -1', ''],
  ])('finishes what was consented to, %s', async (_, after, flags) => {
    expect((await inPipeline(after, flags)).exitCode).toBe(0)
    expect(await bench.reader.roleNames()).toEqual(names)
    const events = bench.calls()
    expect(events.filter(({ outcome }) => outcome === 'done')).toHaveLength(13)
    expect(events).toHaveLength(26)
  })

  test('still ends with the code of what failed', async () => {
    bench.aws.inject({ action: 'CreateRole', kind: 'deny' })
    expect((await inPipeline('2>/dev/null | head -1')).exitCode).toBe(8)
    expect(await bench.reader.roleNames()).toHaveLength(11)
  })

  test.each([
    ['plan', ''],
    ['answer', '--json'],
  ])('does nothing where the device is full that should take the %s', async (_, flags) => {
    expect(await inPipeline('2>&1 >/dev/full', flags)).toEqual({
      stdout: expect.stringContaining('the answer could not be written to standard output: no space left on device'),
      exitCode: 7,
    })
    expect(bench.aws.writes).toEqual([])
  })
})
