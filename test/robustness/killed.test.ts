import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, type RunOptions, startAdmin, temporaryDirectory } from '../support/admin.ts'
import { startIdentityProvider } from '../support/identity-provider.ts'
import { sqlite } from '../support/sqlite.ts'

const directory = temporaryDirectory()
const role = (index: number) => `arn:aws:iam::123456789012:role/number-${index}`

/** Starts a command, kills it after so many milliseconds, and tells whether it had acknowledged by then. */
async function runAndKill(argv: readonly string[], options: RunOptions, milliseconds: number): Promise<boolean> {
  const child = startAdmin(argv, options)
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.stdin ?? '')
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  await new Promise((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  return output.includes('now has 1 AWS role')
}

/** How long the command takes where nobody kills it: the moments to kill it at spread over a little more than that. */
async function usualTime(argv: readonly string[], options: RunOptions): Promise<number> {
  const started = performance.now()
  expect((await admin(argv, options)).exitCode).toBe(0)
  return performance.now() - started
}

/** Whoever was acknowledged holds roles; state and events agree about everybody; nothing is half there. */
async function expectWhole(file: string, acknowledged: readonly string[]): Promise<void> {
  const [{ holders }] = sqlite(
    file,
    'SELECT json_group_array(username) AS holders FROM users JOIN assignments ON user_id = users.id',
  )
  const [{ logged }] = sqlite(file, 'SELECT json_group_array(username) AS logged FROM events')
  expect(JSON.parse(holders)).toEqual(expect.arrayContaining([...acknowledged]))
  expect(JSON.parse(logged).sort()).toEqual(JSON.parse(holders).sort())
  expect(sqlite(file, 'SELECT user_id FROM assignments EXCEPT SELECT user_id FROM assignment_roles')).toEqual([])
  expect((await admin(['audit', 'verify', '--database', file])).exitCode).toBe(0)
  expect((await admin(['store', 'status', '--database', file])).exitCode).toBe(0)
}

describe('a command killed with SIGKILL at 100 random moments', () => {
  test('set-aws-role-arns: what was acknowledged is there, the rest is wholly there or wholly absent', async () => {
    const file = join(directory, randomUUID(), 'admin.db')
    const options = { env: { ADMIN_DATABASE: file } }
    await admin(['set-aws-role-arns', 'first', role(0)], options)
    const usual = await usualTime(['set-aws-role-arns', 'second', role(0)], options)
    const acknowledged: string[] = []
    for (let index = 1; index <= 100; index += 1) {
      const argv = ['set-aws-role-arns', `user-${index}`, role(index)]
      if (await runAndKill(argv, options, Math.random() * usual * 1.3)) acknowledged.push(`user-${index}`)
    }
    await expectWhole(file, acknowledged)
  }, 120_000)

  test('sso apply-claims: the same', async () => {
    const provider = await startIdentityProvider()
    const config = join(directory, `${randomUUID()}.yaml`)
    writeFileSync(config, `sso:\n  issuer: ${provider.issuer}\n  clientId: workbench\n  allowInsecureLoopback: true\n`)
    const file = join(directory, randomUUID(), 'admin.db')
    const env = { ADMIN_DATABASE: file, ADMIN_CONFIG: config, ADMIN_CACHE_DIRECTORY: join(directory, randomUUID()) }
    const argv = ['sso', 'apply-claims', '--id-token-file', '-']
    const login = async (user: string) => ({
      env,
      stdin: await provider.sign({ preferred_username: user, sub: user, aws_role_arn: role(1) }),
    })
    await admin(argv, await login('first'))
    const usual = await usualTime(argv, await login('second'))
    const acknowledged: string[] = []
    for (let index = 1; index <= 100; index += 1) {
      const user = `user-${index}`
      if (await runAndKill(argv, await login(user), Math.random() * usual * 1.3)) acknowledged.push(user)
    }
    await provider.stop()
    await expectWhole(file, acknowledged)
  }, 120_000)

  test('while it makes a new store it leaves a whole one or none', async () => {
    for (let index = 0; index < 25; index += 1) {
      const file = join(directory, randomUUID(), 'admin.db')
      const options = { env: { ADMIN_DATABASE: file } }
      await runAndKill(['set-aws-role-arns', 'alice', role(index)], options, 20 + Math.random() * 80)
      const next = await admin(['set-aws-role-arns', 'bob', role(index)], options)
      expect({ exitCode: next.exitCode, complaint: /error/i.test(next.stderr) }).toEqual({
        exitCode: 0,
        complaint: false,
      })
      expect((await admin(['audit', 'verify'], options)).exitCode).toBe(0)
    }
  }, 120_000)
})

describe('sixteen processes that write at once', () => {
  test('all succeed, and the chain is whole', async () => {
    const file = join(directory, randomUUID(), 'admin.db')
    const users = Array.from({ length: 160 }, (_, index) => `user-${index}`)
    const queue = [...users]
    const worker = async () => {
      for (let user = queue.pop(); user !== undefined; user = queue.pop()) {
        const run = await admin(['set-aws-role-arns', user, role(1), '--database', file])
        expect({ exitCode: run.exitCode, complaint: /error|lock/i.test(run.stderr) }).toEqual({
          exitCode: 0,
          complaint: false,
        })
      }
    }
    await Promise.all(Array.from({ length: 16 }, worker))
    const [{ holders }] = sqlite(file, 'SELECT count(*) AS holders FROM assignments')
    expect(holders).toBe(users.length)
    expect((await admin(['audit', 'verify', '--database', file])).stdout).toContain('160 events verified')
  }, 120_000)
})
