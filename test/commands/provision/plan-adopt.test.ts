import { CreateInstanceProfileCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from '@jest/globals'
import { anyTrust, seedPolicy, seedRole } from '../../support/aws-seeds.ts'
import { provisionBench, roleFor } from '../../support/provision-bench.ts'

const bench = provisionBench()
const ours = { 'managed-by': 'admin', 'admin:spec': 'workbench-prod' }
const Tags = Object.entries(ours).map(([Key, Value]) => ({ Key, Value }))
const analyst = (more: object = {}) => ({ analyst: { ...roleFor('alice'), ...more } })
const apply = (spec: string, ...flags: readonly string[]) =>
  bench.runJson(['provision', 'apply', spec, '--yes', ...flags])

async function refusal(spec: string, code: string): Promise<string> {
  bench.aws.forget()
  for (const command of ['plan', 'apply']) {
    const { json, exitCode } = await bench.runJson(['provision', command, spec])
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code })
  }
  expect(bench.aws.writes).toEqual([])
  return (await bench.runJson(['provision', 'plan', spec])).json.error.message
}

describe('what something else made', () => {
  const policies = { files: { s3: { bucket: 'demo-projects', prefix: 'a', access: 'read' } } }
  const everything = () =>
    bench.spec(analyst({ policies }), { instanceProfiles: { 'connect-server': { instances: [], policies: {} } } })

  async function seedEverything(): Promise<void> {
    // So small that the policy cannot stay inline.
    bench.aws.setQuota('RolePolicySizeQuota', 10)
    await seedRole(bench.reader, 'analyst', { Tags: [{ Key: 'team', Value: 'data' }] })
    await seedPolicy(bench.reader, 'analyst-files')
    await seedRole(bench.reader, 'connect-server')
    await bench.reader.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'connect-server' }))
  }

  test('is refused, each by its name, all at once', async () => {
    await seedEverything()
    const message = await refusal(everything(), 'REFUSED_NOT_OURS')
    const why = 'is already in account 123456789012, and it does not carry our tag'
    for (const what of [
      'role "analyst"',
      'policy "analyst-files"',
      'role "connect-server"',
      'instance profile "connect-server"',
    ])
      expect(message).toContain(`the ${what} ${why}\n`)
    expect(message).toContain('--adopt takes it over')
  })

  test('is taken over by --adopt with our tags and made as asked; its own tags stay', async () => {
    await seedEverything()
    const spec = everything()
    const planned = await bench.runJson(['provision', 'plan', spec, '--adopt'])
    expect(planned.json.summary).toMatchObject({ create: 1, update: 4 })
    expect(await apply(spec, '--adopt')).toMatchObject({ exitCode: 0, json: { summary: { update: 4, failed: 0 } } })
    expect((await bench.reader.role('analyst')).tags).toEqual({ team: 'data', ...ours })
    expect((await bench.reader.role('connect-server')).tags).toEqual(ours)
    expect(await bench.reader.instanceProfile('connect-server')).toMatchObject({
      tags: ours,
      roles: ['connect-server'],
    })
    const policy = await bench.reader.policy('arn:aws:iam::123456789012:policy/analyst-files')
    expect(policy.tags).toEqual(ours)
    expect(policy.document.Statement).not.toContainEqual(
      expect.objectContaining({ Action: 's3:ListBucket', Resource: '*' }),
    )
    expect((await bench.runJson(['provision', 'plan', spec])).json.summary).toMatchObject({ create: 0, update: 0 })
  })

  test('is refused by the name of the other spec where it is that of one', async () => {
    await seedRole(bench.reader, 'analyst', { Tags: [Tags[0], { Key: 'admin:spec', Value: 'elsewhere' }] })
    expect(await refusal(bench.spec(analyst()), 'REFUSED_NOT_OURS')).toContain('it belongs to the spec "elsewhere"')
  })
})

test('a role of ours that became one of another sort is changed in place, and not removed', async () => {
  const ec2 = bench.spec({}, { instanceProfiles: { analyst: { instances: [], policies: {} } } })
  await apply(ec2)
  const { id } = await bench.reader.role('analyst')
  const planned = await apply(bench.spec(analyst()))
  expect(planned.json.changes).toMatchObject([
    { kind: 'oidc-provider', action: 'create' },
    { kind: 'web-identity-role', action: 'update', status: 'done' },
    { kind: 'instance-profile', action: 'delete', status: 'done' },
  ])
  expect((await bench.reader.role('analyst')).id).toBe(id)
  expect((await apply(ec2)).json.summary).toMatchObject({ create: 1, update: 1, delete: 0, failed: 0 })
  expect(await bench.reader.role('analyst')).toMatchObject({ id, trust: JSON.parse(anyTrust) })
})

describe('what IAM cannot change is refused, and nothing is made anew', () => {
  test('the path of a role, in both directions at once', async () => {
    await seedRole(bench.reader, 'analyst', { Path: '/old/', Tags })
    await seedRole(bench.reader, 'engineer', { Tags })
    const spec = bench.spec({ ...analyst(), engineer: { ...roleFor('bob'), path: '/new/' } })
    const message = await refusal(spec, 'REFUSED_IMMUTABLE')
    expect(message).toContain('the role "analyst" has the path "/old/", not "/"; IAM cannot change the path of a role')
    expect(message).toContain('the role "engineer" has the path "/", not "/new/"')
  })

  test('a name that differs from an existing one only by case, even with --adopt', async () => {
    await seedRole(bench.reader, 'Analyst')
    const spec = bench.spec(analyst())
    const words = 'the account has the role "Analyst", and to IAM "analyst" is the same name: case makes no difference'
    expect(await refusal(spec, 'REFUSED_IMMUTABLE')).toContain(words)
    expect((await apply(spec, '--adopt')).json.error.message).toContain(words)
  })
})
