import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, temporaryDirectory } from '../support/admin.ts'
import { analyst, engineer, scientist } from '../support/arns.ts'
import { atTerminal, keys } from '../support/terminal.ts'

const directory = temporaryDirectory()

async function storeWithRoles() {
  const env = { ADMIN_DATABASE: join(directory, randomUUID(), 'admin.db') }
  await admin(['set-aws-role-arns', 'bob', `${analyst},${engineer},${scientist}`], { env })
  await admin(['set-aws-role-arns', 'alice', scientist], { env })
  return env
}

describe('set-aws-role-arns without ARNs, at a terminal', () => {
  test('offers the known roles with those of the person ticked, and sets what is chosen', async () => {
    const env = await storeWithRoles()
    const stdout = join(directory, randomUUID())
    const steps = [
      { expect: 'Which AWS roles may "alice" use?' },
      { expect: engineer },
      { send: keys.down },
      { send: keys.space },
      { send: keys.enter },
    ]
    const run = await atTerminal(['set-aws-role-arns', 'alice'], steps, { env, stdout })
    expect(run.exitCode).toBe(0)
    expect(readFileSync(stdout, 'utf8')).toContain(`alice now has 2 AWS roles\n  = ${scientist}\n  + ${analyst}`)
    expect((await admin(['get-aws-role-arns', 'alice'], { env })).stdout).toBe(`${scientist},${analyst}\n`)
  })

  test('left with Ctrl-C changes nothing and ends with exit 3', async () => {
    const env = await storeWithRoles()
    const steps = [{ expect: 'Which AWS roles' }, { expect: engineer }, { send: keys.interrupt }]
    const run = await atTerminal(['set-aws-role-arns', 'alice'], steps, { env })
    expect(run).toMatchObject({ exitCode: 3, screen: expect.stringContaining('nothing was changed') })
    expect((await admin(['get-aws-role-arns', 'alice'], { env })).stdout).toBe(`${scientist}\n`)
  })

  test.each([
    ['CI is set', [], { CI: 'true' }],
    ['--json is given', ['--json'], {}],
  ])('asks nothing when %s', async (_, flags, more) => {
    const env = { ...(await storeWithRoles()), ...more }
    const run = await atTerminal(['set-aws-role-arns', 'alice', ...flags], [], { env })
    expect(run).toMatchObject({
      exitCode: 2,
      screen: expect.stringContaining('there is no terminal to choose them on'),
    })
  })
})

test('a role list that is piped in is no answer to a question', async () => {
  const env = await storeWithRoles()
  expect((await admin(['set-aws-role-arns', 'alice'], { env, stdin: ' \n\n' })).exitCode).toBe(2)
})
