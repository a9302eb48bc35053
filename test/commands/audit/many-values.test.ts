import { beforeAll, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import { analyst, engineer } from '../../support/arns.ts'
import { describeEngines } from '../../support/engines.ts'

const numbered = (flag: string, count: number, value: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => [flag, value(index)]).flat()
const roles = numbered('--role', 1200, (index) => `arn:aws:iam::123456789012:role/number-${index}`)
const users = numbered('--user', 1200, (index) => `u${index}`)
const patterns = numbered('--user', 999, (index) => `u${index}-*`)

describeEngines('a filter of many values', (engine) => {
  let env: Readonly<Record<string, string>> = {}

  beforeAll(async () => {
    env = { ADMIN_DATABASE: (await engine.newStore()).url }
    await admin(['set-aws-role-arns', 'alice', analyst], { env })
    await admin(['set-aws-role-arns', 'bob', engineer], { env })
  })

  test.each([
    ['roles', [...roles, '--role', analyst]],
    ['people', [...users, '--user', 'alice']],
    ['patterns', [...patterns, '--user', 'al?ce']],
    ['people and patterns', [...users, ...patterns, '--user', 'al?ce']],
    ['accounts', [...numbered('--account', 1200, (index) => String(123_456_788_900 + index)), '--user', 'alice']],
    ['sources', [...numbered('--source', 1200, () => 'cli'), '--user', 'alice']],
  ])('finds what one of them finds, now, as it was and in the log: %s', async (name, filter) => {
    const now = await adminJson(['audit', 'assignments', ...filter], { env })
    const past = await adminJson(['audit', 'assignments', '--as-of', '0m', ...filter], { env })
    expect([now.stderr, now.json, past.json].map((seen) => seen?.length)).toEqual([0, 1, 1])
    if (name === 'accounts' || name === 'sources') return
    const { json } = await adminJson(['audit', 'log', ...filter], { env })
    expect(json.map(({ username }: { username: string }) => username)).toEqual(['alice'])
  })

  test('finds what one of many actors did', async () => {
    const [{ actor }] = (await adminJson(['audit', 'log'], { env })).json
    const actors = users.map((value) => (value === '--user' ? '--actor' : value))
    expect((await adminJson(['audit', 'log', '--actor', actor, ...actors], { env })).json).toHaveLength(2)
  })

  test.each([
    ['is longer than anything it could match', ['--user', `*${'x'.repeat(60_000)}`], '60001 characters'],
    ['is one of too many', numbered('--user', 1001, (index) => `u${index}*`), '1001 values with wildcards'],
  ])('refuses a pattern that %s', async (_, filter, reason) => {
    for (const query of [
      ['audit', 'assignments'],
      ['audit', 'log'],
    ]) {
      const { json, exitCode } = await adminJson([...query, ...filter], { env })
      expect([exitCode, json.error.message]).toEqual([2, expect.stringContaining(reason)])
    }
  })
})
