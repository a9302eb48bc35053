import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, startAdmin, temporaryDirectory } from '../support/admin.ts'
import { sqlite } from '../support/sqlite.ts'

const directory = temporaryDirectory()
const role = (index: number) => `arn:aws:iam::123456789012:role/number-${index}`

/** Starts `set`, kills it after so many milliseconds, and tells whether it had acknowledged by then. */
async function setAndKill(file: string, user: string, arn: string, milliseconds: number): Promise<boolean> {
  const child = startAdmin(['set-aws-role-arns', user, arn], { env: { ADMIN_DATABASE: file } })
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  await new Promise((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  return output.includes('now has 1 AWS role')
}

describe('set-aws-role-arns killed with SIGKILL at a random moment', () => {
  test('is there if it was acknowledged, and otherwise wholly there or wholly absent', async () => {
    const file = join(directory, randomUUID(), 'admin.db')
    await admin(['set-aws-role-arns', 'first', role(0)], { env: { ADMIN_DATABASE: file } })
    const started = performance.now()
    await admin(['set-aws-role-arns', 'second', role(0)], { env: { ADMIN_DATABASE: file } })
    const usual = performance.now() - started
    const acknowledged: string[] = []
    for (let index = 1; index <= 100; index += 1) {
      const user = `user-${index}`
      if (await setAndKill(file, user, role(index), Math.random() * usual * 1.3)) acknowledged.push(user)
    }
    const [{ holders }] = sqlite(
      file,
      'SELECT json_group_array(username) AS holders FROM users JOIN assignments ON user_id = users.id',
    )
    const [{ logged }] = sqlite(file, 'SELECT json_group_array(username) AS logged FROM events')
    expect(JSON.parse(holders)).toEqual(expect.arrayContaining(acknowledged))
    expect(JSON.parse(logged).sort()).toEqual(JSON.parse(holders).sort())
    expect(sqlite(file, 'SELECT user_id FROM assignments EXCEPT SELECT user_id FROM assignment_roles')).toEqual([])
    expect((await admin(['audit', 'verify', '--database', file])).exitCode).toBe(0)
    expect((await admin(['store', 'status', '--database', file])).exitCode).toBe(0)
  }, 120_000)

  test('while it makes a new store leaves a whole one or none', async () => {
    for (let index = 0; index < 25; index += 1) {
      const file = join(directory, randomUUID(), 'admin.db')
      await setAndKill(file, 'alice', role(index), 20 + Math.random() * 80)
      const next = await admin(['set-aws-role-arns', 'bob', role(index), '--database', file])
      expect(next).toMatchObject({ exitCode: 0, stderr: '' })
      expect((await admin(['audit', 'verify', '--database', file])).exitCode).toBe(0)
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
        expect(run).toMatchObject({ exitCode: 0, stderr: '' })
      }
    }
    await Promise.all(Array.from({ length: 16 }, worker))
    const [{ holders }] = sqlite(file, 'SELECT count(*) AS holders FROM assignments')
    expect(holders).toBe(users.length)
    expect((await admin(['audit', 'verify', '--database', file])).stdout).toContain('160 events verified')
  }, 120_000)
})
