import { describe, expect, test } from '@jest/globals'
import { policySize } from '../../../src/iam/policy-packing.ts'
import { provisionBench, roleFor } from '../../support/provision-bench.ts'

const bench = provisionBench()
const plan = (spec: string) => bench.runJson(['provision', 'plan', spec])
const apply = (spec: string) => bench.runJson(['provision', 'apply', spec, '--yes'])
const people = (count: number) => Array.from({ length: count }, (_, index) => `person-${index + 100}`)
const files = (prefix: string) => ({ s3: { bucket: 'demo-projects', prefix, access: 'read' } })
const analyst = (policies: object, more: object = {}) =>
  bench.spec({ analyst: { ...roleFor('alice'), policies, ...more } })

async function refusal(spec: string): Promise<string> {
  const { json, exitCode } = await apply(spec)
  expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_QUOTA' })
  expect(json.error.message).toMatch(/nothing was changed$/)
  expect(bench.aws.writes).toEqual([])
  return json.error.message
}

describe('a quota that would be exceeded is refused with the counts before anything is written', () => {
  test('of the trust policy; raised, the same spec passes and its size is shown beside the quota', async () => {
    const spec = bench.spec({ analyst: roleFor(...people(150)) })
    expect(await refusal(spec)).toContain(
      'the trust policy of the role "analyst" would have 2221 characters, account 123456789012 allows 2048\n',
    )
    bench.aws.setQuota('AssumeRolePolicySizeQuota', 4096)
    const { stdout, exitCode } = await bench.run(['provision', 'plan', spec])
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('\n    trust policy: 2221 of 4096 characters\n'),
    })
  })

  test('of inline policies that no managed policy could take', async () => {
    bench.aws.setQuota('RolePolicySizeQuota', 100)
    bench.aws.setQuota('PolicySizeQuota', 150)
    expect(await refusal(analyst({ one: files('one'), two: files('two') }))).toMatch(
      /^the role "analyst" in account 123456789012: the inline policies "one", "two" would have \d+ characters, this account allows 100; \d+ would be left without those that fit a managed policy, which may have 150\n/,
    )
  })

  test('of attached policies; raised, the same spec passes', async () => {
    const managedPolicies = ['ReadOnlyAccess', 'SecurityAudit', 'ViewOnlyAccess']
    const spec = bench.spec({ analyst: { ...roleFor('alice'), managedPolicies } })
    bench.aws.setQuota('AttachedPoliciesPerRoleQuota', 2)
    expect(await refusal(spec)).toContain(
      'the role "analyst" would have 3 managed policies, account 123456789012 allows 2\n',
    )
    bench.aws.setQuota('AttachedPoliciesPerRoleQuota', 3)
    expect((await bench.run(['provision', 'plan', spec])).stdout).toContain('    managed policies: 3 of 3 attached\n')
  })

  test('of the roles of the account', async () => {
    bench.aws.setQuota('RolesQuota', 1)
    const spec = bench.spec({ one: roleFor('alice'), two: roleFor('alice') })
    expect(await refusal(spec)).toContain('account 123456789012 has 0 roles and would have 2; it may have 1\n')
    bench.aws.setQuota('RolesQuota', 2)
    expect(await apply(spec)).toMatchObject({ exitCode: 0, json: { summary: { create: 3 } } })
  })

  test('of all roles at once', async () => {
    bench.aws.setQuota('RolePolicySizeQuota', 100)
    bench.aws.setQuota('PolicySizeQuota', 150)
    bench.aws.setQuota('AttachedPoliciesPerRoleQuota', 0)
    const message = await refusal(
      bench.spec({
        one: roleFor(...people(150)),
        two: { ...roleFor('alice'), managedPolicies: ['ReadOnlyAccess'] },
        three: { ...roleFor('alice'), policies: { files: files('one') } },
      }),
    )
    expect(message).toContain('the trust policy of the role "one" would have')
    expect(message).toContain('the role "two" would have 1 managed policies')
    expect(message).toContain('the role "three" in account 123456789012: the inline policies "files" would have')
  })
})

describe('inline policies that do not fit together', () => {
  const [warehouse, projects] = [files('warehouse'), files('projects-of-everybody')]
  const managedArn = 'arn:aws:iam::123456789012:policy/analyst-projects'

  test('become a managed policy of ours, and go back when they fit again', async () => {
    const spec = analyst({ warehouse, projects })
    await apply(spec)
    const inline = await bench.reader.rolePolicies('analyst')
    const sizes = Object.values(inline).map((document) => policySize(document as object))
    bench.aws.setQuota('RolePolicySizeQuota', Math.max(...sizes))

    const moved = await apply(spec)
    expect(moved).toMatchObject({ exitCode: 0, json: { summary: { create: 1, update: 1, unchanged: 1 } } })
    expect(await bench.reader.rolePolicies('analyst')).toEqual({ warehouse: inline.warehouse })
    expect((await bench.reader.role('analyst')).policies).toEqual([managedArn])
    expect(await bench.reader.policy(managedArn)).toMatchObject({
      document: inline.projects,
      tags: { 'managed-by': 'admin', 'admin:spec': 'workbench-prod' },
    })
    expect((await plan(spec)).json.summary).toMatchObject({ create: 0, update: 0, delete: 0 })

    bench.aws.setQuota('RolePolicySizeQuota', 10_240)
    expect(await apply(spec)).toMatchObject({ exitCode: 0, json: { summary: { update: 1, delete: 1 } } })
    expect(await bench.reader.rolePolicies('analyst')).toEqual(inline)
    expect((await bench.reader.role('analyst')).policies).toEqual([])
    expect(await bench.reader.policies()).toEqual([])
  })

  test('leave room for the policies that the role has already', async () => {
    bench.aws.setQuota('RolePolicySizeQuota', 300)
    bench.aws.setQuota('AttachedPoliciesPerRoleQuota', 1)
    const spec = analyst({ warehouse, projects }, { managedPolicies: ['ReadOnlyAccess'] })
    expect(await refusal(spec)).toMatch(/managed policies, and the role, which has 1 already, may have 1\n/)
  })
})
