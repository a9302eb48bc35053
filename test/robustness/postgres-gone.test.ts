import { expect, test } from '@jest/globals'
import type { DecidedStep } from '../../src/assignments/assignment-store.ts'
import { parseUsername } from '../../src/assignments/username.ts'
import { verifyChain } from '../../src/audit/verify-chain.ts'
import type { RoleArn } from '../../src/iam/role-arn.ts'
import type { Store } from '../../src/store/store.ts'
import { admin, adminJson } from '../support/admin.ts'
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.ts'
import { describePostgres, newPostgresStore } from '../support/engines.ts'
import { at, event, openAt } from '../support/open-store.ts'

const role = 'arn:aws:iam::123456789012:role/r' as RoleArn

function steps(from: number, count: number): readonly DecidedStep[] {
  return Array.from({ length: count }, (_, index) => {
    const username = parseUsername(`user-${from + index}`)
    const next = { source: 'cli', roleArns: [role], expiresAt: null } as const
    return { username, next, event: event({ username, after: next, at: at(0) }) }
  })
}

const putMany = (store: Store, between: () => Promise<unknown>) =>
  store.transact(async (transaction) => {
    await transaction.putSteps(steps(0, 500))
    await between()
    await transaction.putSteps(steps(500, 500))
  })

/** Nothing of it is there, and the same again does all of it. */
async function expectNothingHalfDone(store: Store): Promise<void> {
  expect(await verifyChain(store.eventRows())).toMatchObject({ verified: 1, broken: null })
  expect(await store.findUser(parseUsername('user-1'))).toBe(null)
  await putMany(store, async () => {})
  expect(await verifyChain(store.eventRows())).toMatchObject({ verified: 1001, broken: null })
}

/** As it goes over the wire; `READ COMMITTED` is another word. */
const COMMIT = 'COMMIT\0'

const KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'admin'"

describePostgres(
  'a server that goes away',
  (server) => {
    test.each(['fast', 'immediate'] as const)(
      '(%s) in the middle of a change leaves nothing half done',
      async (mode) => {
        const { url, location } = await newPostgresStore(server())
        const store = await openAt(url)
        await store.transact((transaction) => transaction.appendEvent(event()))
        const cut = putMany(store, async () => {
          await server().stop(mode)
          await server().start()
        })
        await expect(cut).rejects.toMatchObject({ code: 'UNAVAILABLE_STORE' })
        await expect(cut).rejects.toThrow(location)
        await expect(cut).rejects.toThrow('nothing was changed')
        await expectNothingHalfDone(store)
      },
    )

    test('is exit 7 and one clear line while it is away, and the same command does it afterwards', async () => {
      const { url, location } = await newPostgresStore(server())
      const env = { ADMIN_DATABASE: url }
      await admin(['set-aws-role-arns', 'first', role], { env })
      await server().stop()
      const away = await admin(['set-aws-role-arns', 'alice', role], { env })
      const asJson = await adminJson(['get-aws-role-arns', 'alice'], { env })
      await server().start()
      expect(away).toMatchObject({ exitCode: 7, stdout: '' })
      expect(away.stderr).toBe(
        `Error: ${location} cannot be reached (ECONNREFUSED): is the server running?\n  nothing was changed in the store; run the command again\n`,
      )
      expect([asJson.exitCode, asJson.json.error.code]).toEqual([7, 'UNAVAILABLE_STORE'])
      expect((await admin(['set-aws-role-arns', 'alice', role], { env })).exitCode).toBe(0)
    })

    test('while many write: what was acknowledged is there, what was refused is not, the chain is whole', async () => {
      const { url } = await newPostgresStore(server())
      const env = { ADMIN_DATABASE: url }
      await admin(['set-aws-role-arns', 'first', role], { env })
      const names = Array.from({ length: 24 }, (_, index) => `user-${index}`)
      const queue = [...names]
      const exits = new Map<string, number | null>()
      const worker = async () => {
        for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
          if (queue.length === 16) await server().stop('immediate')
          if (queue.length === 12) await server().start()
          const run = await admin(['set-aws-role-arns', name, role], { env })
          exits.set(name, run.stderr.includes('it is not known') ? null : run.exitCode)
        }
      }
      await Promise.all([worker(), worker()])
      const store = await openAt(url)
      for (const [name, exit] of exits) {
        const user = await store.findUser(parseUsername(name))
        if (exit !== null) expect([name, exit, user !== null]).toEqual([name, exit === 0 ? 0 : 7, exit === 0])
      }
      expect(new Set(exits.values())).toEqual(new Set([0, 7]))
      expect(await verifyChain(store.eventRows())).toMatchObject({ broken: null })
    })
  },
  { isDurable: true },
)

describePostgres('a connection that is cut', (server) => {
  test('in the middle of a change leaves nothing half done', async () => {
    const { url, rows } = await newPostgresStore(server())
    const store = await openAt(url)
    await store.transact((transaction) => transaction.appendEvent(event()))
    const cut = putMany(store, () => rows(KILL))
    await expect(cut).rejects.toMatchObject({ code: 'UNAVAILABLE_STORE' })
    await expect(cut).rejects.toThrow('nothing was changed')
    await expectNothingHalfDone(store)
  })

  test('between two questions is made again, for reading and for writing', async () => {
    const { url, rows } = await newPostgresStore(server())
    const store = await openAt(url)
    await rows(KILL)
    expect(await store.knownRoles()).toEqual([])
    await rows(KILL)
    await store.transact((transaction) => transaction.putSteps(steps(0, 3)))
    await rows(KILL)
    expect(await verifyChain(store.eventRows())).toMatchObject({ verified: 3, broken: null })
  })

  async function throughProxy(work: (store: Store, proxy: CuttingProxy, direct: Store) => Promise<void>) {
    const { url } = await newPostgresStore(server())
    const direct = await openAt(url)
    await direct.transact((transaction) => transaction.putSteps(steps(0, 1)))
    const proxy = await startCuttingProxy(server().port)
    const store = await openAt(url.replace(`:${server().port}/`, `:${proxy.port}/`))
    try {
      await work(store, proxy, direct)
    } finally {
      await proxy.stop()
    }
  }

  const put = (store: Store) => store.transact((transaction) => transaction.putSteps(steps(1, 1)))
  const isThere = async (store: Store) => (await store.findUser(parseUsername('user-1'))) !== null

  test('just before the first statement is made again once', () =>
    throughProxy(async (store, proxy, direct) => {
      proxy.cutAt('BEGIN', 'before')
      await put(store)
      expect(await isThere(direct)).toBe(true)
    }))

  test('after COMMIT was sent is no failure where the server has committed', () =>
    throughProxy(async (store, proxy, direct) => {
      proxy.cutAt(COMMIT, 'after')
      await put(store)
      expect(await isThere(direct)).toBe(true)
    }))

  test('before COMMIT has arrived is one: nothing was changed', () =>
    throughProxy(async (store, proxy, direct) => {
      proxy.cutAt(COMMIT, 'before')
      const cut = put(store)
      await expect(cut).rejects.toMatchObject({ code: 'UNAVAILABLE_STORE' })
      await expect(cut).rejects.toThrow('nothing was changed')
      expect(await isThere(direct)).toBe(false)
    }))

  test('for good while committing says that nobody knows', () =>
    throughProxy(async (store, proxy) => {
      proxy.cutAt(COMMIT, 'after', true)
      const cut = put(store)
      await expect(cut).rejects.toMatchObject({ code: 'UNAVAILABLE_STORE' })
      await expect(cut).rejects.toThrow('it is not known whether it was made')
    }))
})
