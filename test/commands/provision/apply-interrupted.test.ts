import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { startAdmin } from '../../support/admin.ts'
import { provisionBench, roleFor } from '../../support/provision-bench.ts'
import { linesShown } from '../../support/screen.ts'
import { atTerminal, keys } from '../../support/terminal.ts'

const bench = provisionBench()
const names = Array.from({ length: 12 }, (_, index) => `role-${index + 10}`)
const twelve = () => bench.spec(Object.fromEntries(names.map((name) => [name, roleFor('alice')])))
const isStopping = (stderr: string) => stderr.includes('Stopping: what is under way is finished first')

/** An apply that is running, and what it has said so far. */
function startApply(spec: string, flags: readonly string[] = []) {
  const child = startAdmin(['provision', 'apply', spec, '--yes', ...flags], { env: bench.env })
  const said = { stdout: '', stderr: '' }
  child.stdin?.end()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk) => {
      said[stream] += chunk
    })
  }
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) =>
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal })),
  )
  return { child, said, ended }
}

const neverAnswered = new Promise<void>(() => {})

type Running = ReturnType<typeof startApply>

/** Holds the n-th write until the program has said that it is stopping. */
function interruptAtWrite(write: number, signal: NodeJS.Signals, { child, said }: Running): void {
  bench.aws.onWrite({
    async before(index) {
      if (index !== write) return
      child.kill(signal)
      await told(child, () => isStopping(said.stderr))
    },
  })
}

async function told(child: ChildProcess, isSaid: () => boolean): Promise<void> {
  while (!isSaid()) await new Promise((resolve) => child.stderr?.once('data', resolve))
}

/** Each call that was begun has its end in the log. */
function expectWholePairs(): void {
  const events = bench.calls()
  const [requests, responses] = ['aws-request', 'aws-response'].map((kind) =>
    events.filter(({ action }) => action === kind).map(({ call }) => call),
  )
  expect(requests?.toSorted()).toEqual(responses?.toSorted())
}

describe('provision apply, interrupted', () => {
  test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'by %s finishes the call in flight, begins no other, tells what is done, and the next run carries on',
    async (signal) => {
      const spec = twelve()
      const running = startApply(spec)
      interruptAtWrite(1, signal, running)
      expect(await running.ended).toEqual({ exitCode: 8, signal: null })
      expect(bench.aws.writes).toEqual(['CreateOpenIDConnectProvider'])
      expect(bench.calls()).toMatchObject([
        { action: 'aws-request', operation: 'CreateOpenIDConnectProvider' },
        { action: 'aws-response', operation: 'CreateOpenIDConnectProvider', outcome: 'done' },
      ])
      const { stdout, stderr } = running.said
      for (const name of names)
        expect(stdout).toContain(`skipped: web-identity-role ${name}: the run was interrupted (REFUSED_INTERRUPTED)\n`)
      expect(stdout).toMatch(/\n1 created, 12 failed or skipped\n$/)
      expect(stderr).toContain('✔ create oidc-provider https://sso.example.com (123456789012)\n')
      expect(stderr).toMatch(/some of it is done; run the command again to carry on\n$/)
      expect(stderr).not.toContain('nothing was changed')

      bench.aws.onWrite({})
      expect((await bench.runJson(['provision', 'apply', spec, '--yes'])).json.summary).toMatchObject({
        ...{ create: 12, unchanged: 1, failed: 0 },
      })
    },
  )

  test('among several roles ends each call that was begun, and answers with one JSON document', async () => {
    const running = startApply(twelve(), ['--json'])
    interruptAtWrite(3, 'SIGINT', running)
    expect(await running.ended).toEqual({ exitCode: 8, signal: null })
    const { changes, summary } = JSON.parse(running.said.stdout)
    const done = (await bench.reader.roleNames()).length
    expect(summary).toMatchObject({ create: 1 + done, failed: 12 - done })
    expect(done).toBeLessThan(12)
    expect(changes.map(({ status }: { status: string }) => status).toSorted()).toEqual(
      [...Array(1 + done).fill('done'), ...Array(12 - done).fill('skipped')].toSorted(),
    )
    expectWholePairs()
  })

  test('between two calls of one role says how far it came', async () => {
    const policies = { files: { s3: { bucket: 'demo-projects' } } }
    const running = startApply(bench.spec({ analyst: { ...roleFor('alice'), policies } }), ['--json'])
    interruptAtWrite(2, 'SIGTERM', running)
    expect(await running.ended).toEqual({ exitCode: 8, signal: null })
    expect(bench.aws.writes).toEqual(['CreateOpenIDConnectProvider', 'CreateRole'])
    expect(JSON.parse(running.said.stdout).changes[1]).toMatchObject({
      status: 'failed',
      error: { code: 'REFUSED_INTERRUPTED', message: 'the run was interrupted\n1 of 2 calls were done before' },
    })
    expectWholePairs()
  })

  test.each([[[]], [['--json']]])('while it waits for AWS ends at once, with nothing done (%j)', async (flags) => {
    const kind = { status: 409, code: 'ConcurrentModification', message: 'try again' }
    bench.aws.inject({ action: 'CreateOpenIDConnectProvider', kind, times: 99 })
    const running = startApply(twelve(), flags)
    await told(running.child, () => running.said.stderr.includes('waiting for AWS'))
    const asked = bench.aws.writes.length
    running.child.kill('SIGINT')
    expect(await running.ended).toEqual({ exitCode: 3, signal: null })
    expect(bench.aws.writes.length).toBeLessThanOrEqual(asked + 1)
    const answer = flags.length > 0 ? JSON.parse(running.said.stdout).error.message : running.said.stderr
    expect(answer).toContain('the run was interrupted while it waited for AWS: ConcurrentModification')
    expect(answer).toContain('nothing was changed')
    expectWholePairs()
  })

  test('a second time ends at once, and the log shows the call that nobody saw the end of', async () => {
    const running = startApply(twelve())
    bench.aws.onWrite({
      async before() {
        running.child.kill('SIGINT')
        await told(running.child, () => isStopping(running.said.stderr))
        running.child.kill('SIGINT')
        await neverAnswered
      },
    })
    expect(await running.ended).toEqual({ exitCode: null, signal: 'SIGINT' })
    expect(bench.calls()).toMatchObject([{ action: 'aws-request', operation: 'CreateOpenIDConnectProvider' }])
  })
})

test('Ctrl-C twice at a terminal ends at once, and gives the cursor back', async () => {
  bench.aws.onWrite({ before: () => neverAnswered })
  const steps = [{ expect: '0 of 13 done' }, { send: keys.interrupt }, { expect: 'Stopping' }, { send: keys.interrupt }]
  const run = await atTerminal(['provision', 'apply', twelve(), '--yes'], steps, { env: bench.env })
  expect(run.exitCode).toBeNull()
  expect(run.screen.lastIndexOf('\u001b[?25h')).toBeGreaterThan(run.screen.lastIndexOf('\u001b[?25l'))
})

test('Ctrl-C at a terminal takes the list away, tells of the end, and leaves the screen clean', async () => {
  const kind = { status: 409, code: 'ConcurrentModification', message: 'try again' }
  bench.aws.inject({ action: 'CreateRole', kind, times: 99 })
  const stdout = join(bench.directory, randomUUID())
  const steps = [{ expect: '1 of 2 done' }, { expect: 'waiting for AWS' }, { send: keys.interrupt }]
  const argv = ['provision', 'apply', bench.spec({ analyst: roleFor('alice') }), '--yes']
  const run = await atTerminal(argv, steps, { env: bench.env, stdout })
  expect(run.exitCode).toBe(8)
  expect(readFileSync(stdout, 'utf8')).toMatch(/\n1 created, 1 failed or skipped\n$/)
  const lines = linesShown(run.screen, 160)
  expect(lines.slice(lines.findIndex((line) => line.startsWith('made a new store')) + 1)).toEqual([
    '✔ create oidc-provider https://sso.example.com (123456789012)',
    'Stopping: what is under way is finished first; once more ends at once',
    '✖ create web-identity-role analyst (123456789012): the run was interrupted while it waited for AWS: ConcurrentModification',
    'some of it is done; run the command again to carry on',
    '',
  ])
})
