import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { admin, adminJson, startAdmin, temporaryDirectory } from '../support/admin.ts'
import { describePostgres, newPostgresStore, type TestStore } from '../support/engines.ts'

const directory = temporaryDirectory()
/** Long, so that the answer is more than a pipe holds. */
const role = `arn:aws:iam::123456789012:role/${'p'.repeat(400)}/r`
const PEOPLE = 3000

const OURS = "FROM pg_stat_activity WHERE application_name = 'admin'"
const KILL = `SELECT pg_terminate_backend(pid, 10000) ${OURS}`
const KILL_WAITING = `SELECT pg_terminate_backend(pid, 10000) ${OURS} AND wait_event_type = 'Lock'`

const words = (argv: string) => argv.replace('ROLE', role).split(' ')

const LISTINGS = [
  'export-aws-role-arns',
  'audit assignments --format csv',
  'audit assignments --as-of 0m --format jsonl',
  'audit log --format csv',
  'audit log --format jsonl',
  'audit who-has ROLE --format csv',
]

/** With a table without which they have nothing to tell. */
const DOCUMENTS = [
  ['export-aws-role-arns', 'assignments'],
  ['audit assignments', 'assignments'],
  ['audit log', 'events'],
  ['audit who-has ROLE', 'assignments'],
] as const

describePostgres('a listing whose connection is cut', (server) => {
  let store: TestStore
  let env: { readonly ADMIN_DATABASE: string }

  beforeAll(async () => {
    store = await newPostgresStore(server())
    env = { ADMIN_DATABASE: store.url }
    const lines = Array.from({ length: PEOPLE }, (_, index) => `user-${index},${role}\n`)
    const stdin = `username,role_arn\n${lines.join('')}`
    expect(await admin(['import-aws-role-arns', '-'], { env, stdin })).toMatchObject({ exitCode: 0 })
  })

  /** Cuts once the first of it was read: the rest waits for its reader. */
  async function cutInTheMiddle(argv: string, cut: () => Promise<unknown>) {
    const child = startAdmin(words(argv), { env })
    const { stdout, stderr } = child
    if (stdout === null || stderr === null) throw new Error('what was started has no output')
    const ended = once(child, 'close')
    const said = text(stderr)
    stdout.on('readable', () => {})
    while (stdout.readableLength < 10_000) await sleep(10)
    await cut()
    const answer = await text(stdout)
    return { exitCode: (await ended)[0], said: await said, lines: answer.split('\n').length }
  }

  test.each(LISTINGS)('is exit 7 and one clear line: %s', async (argv) => {
    const { exitCode, said, lines } = await cutInTheMiddle(argv, () => store.rows(KILL))
    const [line, next, ...others] = said.trimEnd().split('\n')
    expect([exitCode, others]).toEqual([7, []])
    expect(line).toMatch(/^Error: (the connection to postgres:.* broke|postgres:.* closed the connection: .*)$/)
    expect(next).toBe('  nothing was changed in the store; run the command again')
    expect(lines).toBeLessThan(PEOPLE)
  })

  test.each(['fast', 'immediate'] as const)('by a server that ends (%s) is exit 7', async (mode) => {
    const { exitCode, said } = await cutInTheMiddle('audit log --format csv', () => server().stop(mode))
    await server().start()
    expect([exitCode, said]).toEqual([7, expect.stringMatching(/the connection.*\n {2}nothing was changed/)])
  })

  /** What asks meanwhile for the table waits. */
  async function whileLocked<T>(table: string, work: (unlock: () => Promise<void>) => Promise<T>): Promise<T> {
    const { user, password } = server().superuser
    const holder = new pg.Client({ connectionString: store.url.replace(/\/\/[^@]*@/, `//${user}:${password}@`) })
    await holder.connect()
    try {
      await holder.query(`BEGIN; LOCK TABLE admin.${table} IN ACCESS EXCLUSIVE MODE`)
      return await work(async () => void (await holder.query('ROLLBACK')))
    } finally {
      await holder.end()
    }
  }

  async function killOnceWaiting(): Promise<void> {
    while ((await store.rows(KILL_WAITING)).length === 0) await sleep(20)
  }

  test.each(DOCUMENTS)('before anything was shown is asked for once more: %s --json', async (argv, table) => {
    await whileLocked(table, async (unlock) => {
      const run = adminJson(words(argv), { env })
      await killOnceWaiting()
      await unlock()
      const { exitCode, json } = await run
      expect([exitCode, (json.users ?? json).length]).toEqual([0, PEOPLE])
    })
  })

  test.each([...DOCUMENTS, [`audit report --output ${join(directory, 'report.html')}`, 'events']])(
    'again and again is exit 7 and one JSON document: %s --json',
    async (argv, table) => {
      await whileLocked(table, async () => {
        let isRunning = true
        const run = adminJson(words(argv), { env }).finally(() => {
          isRunning = false
        })
        for (; isRunning; await sleep(20)) await store.rows(KILL_WAITING)
        const { exitCode, json } = await run
        expect([exitCode, json.error.code]).toEqual([7, 'UNAVAILABLE_STORE'])
      })
    },
  )
})
