import { describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import { ownTags, seedCluster, seedRole } from '../../support/aws-seeds.ts'
import { connectDocument, databaseHosts, seedDatabases } from '../../support/databases.ts'
import { elsewhere, emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()
function command(database: string, ...users: readonly string[]): readonly string[] {
  return [
    ...['provision', 'rds-connect-policy', '--role', 'analyst', '--database', database],
    ...users.flatMap((user) => ['--db-user', user]),
  ]
}

/** With a role that is ours. */
async function seedAll() {
  await seedRole(here.reader, 'analyst', { Tags: ownTags('command-line') })
  const seeded = await seedDatabases(here.reader)
  here.aws.forget()
  return seeded
}

describe('provision rds-connect-policy', () => {
  const account = 'arn:aws:rds:us-east-1:123456789012'

  test.each<
    [
      string,
      'cluster' | 'instance' | 'proxy',
      string,
      string | ((hosts: Awaited<ReturnType<typeof databaseHosts>>) => string),
    ]
  >([
    ['cluster by its identifier', 'cluster', 'sales', 'sales'],
    ['cluster by its identifier in other letters', 'cluster', 'sales', 'SALES'],
    ['cluster by its endpoint', 'cluster', 'sales', ({ sales }) => sales ?? ''],
    ['cluster by its reader endpoint', 'cluster', 'sales', (hosts) => hosts['sales reader'] ?? ''],
    ['cluster by its ARN', 'cluster', 'sales', `${account}:cluster:sales`],
    ['cluster by the identifier of one of its instances', 'cluster', 'sales', 'sales-1'],
    ['cluster by the endpoint of one of its instances', 'cluster', 'sales', (hosts) => hosts['sales-1'] ?? ''],
    ['cluster by the ARN of one of its instances', 'cluster', 'sales', `${account}:db:sales-1`],
    ['instance by its identifier', 'instance', 'alone', 'alone'],
    ['instance by its endpoint', 'instance', 'alone', ({ alone }) => alone ?? ''],
    ['instance by its ARN', 'instance', 'alone', `${account}:db:alone`],
    ['proxy by its name', 'proxy', 'pool', 'pool'],
    ['proxy by its endpoint', 'proxy', 'pool', ({ pool }) => pool ?? ''],
  ])('names a %s by its resource id', async (_, kind, identifier, database) => {
    const { hosts, ids } = await seedAll()
    const run = await admin(command(typeof database === 'string' ? database : database(hosts), 'reader'), here)
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 created') })
    expect(ids[kind]).toMatch(
      { cluster: /^cluster-[A-Z0-9]+$/, instance: /^db-[A-Z0-9]+$/, proxy: /^prx-[0-9a-z]+$/ }[kind],
    )
    expect(await here.reader.rolePolicies('analyst')).toEqual({
      [`rds-connect-us-east-1-${kind}-${identifier}`]: connectDocument(ids[kind], ['reader']),
    })
  })

  test('names a proxy by the ARN that has nothing but its id', async () => {
    const { ids } = await seedAll()
    await admin(command(`${account}:db-proxy:${ids.proxy}`, 'reader'), here)
    expect(await here.reader.rolePolicies('analyst')).toEqual({
      'rds-connect-us-east-1-proxy-pool': connectDocument(ids.proxy, ['reader']),
    })
  })

  test('allows several users, each once, and writes nothing the second time', async () => {
    const { ids } = await seedAll()
    const twice = command('sales', 'reader', 'o.hara@corp', 'reader')
    expect((await admin(twice, here)).exitCode).toBe(0)
    const policies = { 'rds-connect-us-east-1-cluster-sales': connectDocument(ids.cluster, ['reader', 'o.hara@corp']) }
    expect(await here.reader.rolePolicies('analyst')).toEqual(policies)
    expect(here.aws.writes).toEqual(['PutRolePolicy'])

    here.aws.forget()
    expect(await admin(twice, here)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to do') })
    expect(here.aws.writes).toEqual([])
  })

  test('makes the policy exactly as asked when the users are others', async () => {
    const { ids } = await seedAll()
    await admin(command('sales', 'reader', 'writer'), here)
    const run = await adminJson(command('sales', 'writer'), here)
    expect(run.json.summary).toMatchObject({ update: 1 })
    expect(await here.reader.rolePolicies('analyst')).toEqual({
      'rds-connect-us-east-1-cluster-sales': connectDocument(ids.cluster, ['writer']),
    })
  })

  test('leaves the other inline policies of the role alone', async () => {
    const { ids } = await seedAll()
    for (const database of ['sales', 'alone', 'pool']) await admin(command(database, 'reader'), here)
    expect(await here.reader.rolePolicies('analyst')).toEqual({
      'rds-connect-us-east-1-cluster-sales': connectDocument(ids.cluster, ['reader']),
      'rds-connect-us-east-1-instance-alone': connectDocument(ids.instance, ['reader']),
      'rds-connect-us-east-1-proxy-pool': connectDocument(ids.proxy, ['reader']),
    })
  })

  test.each(['endpoint', 'arn'])('finds a database of another region by its %s, beside its namesake', async (by) => {
    const { ids } = await seedAll()
    const { reader: far } = elsewhere(here, { region: 'eu-central-1' })
    const id = await seedCluster(far, 'sales')
    const names = {
      endpoint: (await databaseHosts(far)).sales ?? '',
      arn: 'arn:aws:rds:eu-central-1:123456789012:cluster:sales',
    }
    await admin(command('sales', 'reader'), here)
    await admin(command(by === 'endpoint' ? names.endpoint : names.arn, 'reader'), here)
    expect(await here.reader.rolePolicies('analyst')).toEqual({
      'rds-connect-us-east-1-cluster-sales': connectDocument(ids.cluster, ['reader']),
      'rds-connect-eu-central-1-cluster-sales': connectDocument(id, ['reader'], 'eu-central-1'),
    })
  })

  test('answers as JSON what it would do, what it did, and that nothing is left', async () => {
    const { ids } = await seedAll()
    const document = connectDocument(ids.cluster, ['reader'])
    const PolicyName = 'rds-connect-us-east-1-cluster-sales'
    const identity = { accountId: '123456789012', partition: 'aws', callerArn: 'arn:aws:sts::123456789012:user/moto' }
    const name = `analyst/${PolicyName}`
    const change = {
      account: '123456789012',
      kind: 'role-policy',
      name,
      action: 'create',
      fields: [{ path: 'document', before: null, after: document }],
      calls: [
        {
          service: 'iam',
          operation: 'PutRolePolicy',
          input: { RoleName: 'analyst', PolicyName, PolicyDocument: JSON.stringify(document) },
        },
      ],
    }
    const none = { create: 0, update: 0, delete: 0, unchanged: 0, failed: 0 }
    const result = { spec: 'command-line', accounts: [identity] }
    const { json: plan } = await adminJson([...command('sales', 'reader'), '--dry-run'], here)
    expect(plan).toEqual({ ...result, changes: [change], summary: { ...none, create: 1 } })
    expect(here.aws.writes).toEqual([])
    expect(await here.reader.rolePolicies('analyst')).toEqual({})

    const { json: applied } = await adminJson(command('sales', 'reader'), here)
    expect(applied).toEqual({ ...result, changes: [{ ...change, status: 'done' }], summary: { ...none, create: 1 } })

    const { json: again } = await adminJson(command('sales', 'reader'), here)
    const unchanged = { account: '123456789012', kind: 'role-policy', name, action: 'unchanged', fields: [], calls: [] }
    expect(again).toEqual({ ...result, changes: [unchanged], summary: { ...none, unchanged: 1 } })
  })
})
