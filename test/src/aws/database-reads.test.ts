import { describe, expect, test } from '@jest/globals'
import { AwsReader } from '../../support/aws-readback.ts'
import { seedCluster, seedDatabaseInstance, seedProxy } from '../../support/aws-seeds.ts'
import { openedAccount } from '../../support/opened-account.ts'

const here = openedAccount({ AWS_MAX_ATTEMPTS: '1' })

describe('a database', () => {
  test('that is a cluster has the id that policies name, the endpoints, and no IAM authentication at first', async () => {
    const resourceId = await seedCluster(here.reader, 'sales')
    expect(resourceId).toMatch(/^cluster-[A-Z0-9]{26}$/)
    expect(await here.account.describeDatabase('cluster', 'sales')).toMatchObject({
      kind: 'cluster',
      identifier: 'sales',
      arn: 'arn:aws:rds:us-east-1:123456789012:cluster:sales',
      resourceId,
      endpoints: [expect.stringMatching(/^sales\.cluster-\w+\./), expect.stringMatching(/^sales\.cluster-ro-/)],
      status: 'available',
      engine: 'aurora-postgresql',
      engineVersion: '15.2',
      engineMode: 'provisioned',
      cluster: null,
      iamAuthentication: false,
      pending: {},
    })
  })

  test('that is an instance has its class, and an id of its own', async () => {
    const ids = [await seedDatabaseInstance(here.reader, 'one'), await seedDatabaseInstance(here.reader, 'two')]
    expect(new Set(ids).size).toBe(2)
    expect(await here.account.describeDatabase('instance', 'two')).toMatchObject({
      resourceId: ids[1],
      engine: 'postgres',
      instanceClass: 'db.t3.micro',
      endpoints: [expect.stringMatching(/^two\..*\.rds\.amazonaws\.com$/)],
      cluster: null,
      engineMode: null,
    })
  })

  test('that is a proxy is found by its name and by the id in its ARN', async () => {
    const id = await seedProxy(here.reader, 'pool')
    expect(id).toMatch(/^prx-[0-9a-z]+$/)
    const byName = await here.account.describeDatabase('proxy', 'pool')
    expect(byName).toMatchObject({ identifier: 'pool', resourceId: id, engine: 'POSTGRESQL', iamAuthentication: true })
    expect(await here.account.describeDatabase('proxy', id)).toEqual(byName)
    expect(await here.account.describeDatabase('proxy', 'prx-00000000000000000')).toBeNull()
  })

  test.each(['cluster', 'instance', 'proxy'] as const)('that is no %s is null', async (kind) => {
    expect(await here.account.describeDatabase(kind, 'nothing')).toBeNull()
  })

  test('of another region is found there', async () => {
    await seedCluster(new AwsReader({ ...here.env, AWS_REGION: 'eu-central-1' }), 'far')
    expect(await here.account.describeDatabase('cluster', 'far')).toBeNull()
    expect(await here.account.describeDatabase('cluster', 'far', 'eu-central-1')).toMatchObject({
      arn: 'arn:aws:rds:eu-central-1:123456789012:cluster:far',
    })
  })

  test.each([
    ['unavailable', 'UNAVAILABLE_AWS'],
    ['throttle', 'UNAVAILABLE_AWS'],
    ['deny', 'DENIED_AWS'],
  ] as const)('whose description ends with "%s" is %s, named as policies name it', async (kind, code) => {
    here.aws.inject({ action: 'rds:DescribeDBInstances', kind, times: 9 })
    await expect(here.account.describeDatabase('instance', 'one')).rejects.toMatchObject({
      code,
      details: { action: 'rds:DescribeDBInstances', resource: 'instance one' },
    })
  })
})

describe('support of IAM authentication', () => {
  test('is what RDS offers for engine and version', async () => {
    await seedCluster(here.reader, 'sales')
    const database = await here.account.describeDatabase('cluster', 'sales')
    if (database === null) throw new Error('no cluster')
    expect(await here.account.supportsIamAuthentication(database)).toBe(true)
  })

  test('is unknown where RDS offers nothing, and of proxies', async () => {
    await seedDatabaseInstance(here.reader, 'one', 'mysql')
    const instance = await here.account.describeDatabase('instance', 'one')
    if (instance === null) throw new Error('no instance')
    expect(await here.account.supportsIamAuthentication(instance)).toBeNull()
    expect(await here.account.supportsIamAuthentication({ ...instance, kind: 'proxy' })).toBeNull()
  })

  test('is not to be had on Aurora Serverless v1, and RDS is not asked', async () => {
    await seedCluster(here.reader, 'sales')
    const database = await here.account.describeDatabase('cluster', 'sales')
    if (database === null) throw new Error('no cluster')
    here.aws.forget()
    expect(await here.account.supportsIamAuthentication({ ...database, engineMode: 'serverless' })).toBe(false)
    expect(here.aws.actions).toEqual([])
  })
})

describe('a change of IAM authentication', () => {
  const change = (kind: 'Cluster' | 'Instance', isImmediate: boolean) =>
    here.account.send({
      service: 'rds',
      operation: `ModifyDB${kind}`,
      input: {
        [`DB${kind}Identifier`]: 'sales',
        EnableIAMDatabaseAuthentication: true,
        ApplyImmediately: isImmediate,
      },
    })

  test.each(['Cluster', 'Instance'] as const)('of a %s takes effect at once where that is said', async (kind) => {
    await (kind === 'Cluster' ? seedCluster(here.reader, 'sales') : seedDatabaseInstance(here.reader, 'sales'))
    await change(kind, true)
    const seen = await here.account.describeDatabase(kind === 'Cluster' ? 'cluster' : 'instance', 'sales')
    expect(seen).toMatchObject({ iamAuthentication: true, pending: {} })
  })

  test.each(['Cluster', 'Instance'] as const)('of a %s waits for its window otherwise, visibly', async (kind) => {
    await (kind === 'Cluster' ? seedCluster(here.reader, 'sales') : seedDatabaseInstance(here.reader, 'sales'))
    await change(kind, false)
    const port = kind === 'Cluster' ? ('cluster' as const) : ('instance' as const)
    expect(await here.account.describeDatabase(port, 'sales')).toMatchObject({
      iamAuthentication: false,
      pending: { IAMDatabaseAuthenticationEnabled: true },
    })
    here.aws.passMaintenanceWindow()
    expect(await here.account.describeDatabase(port, 'sales')).toMatchObject({ iamAuthentication: true, pending: {} })
  })

  test('may take its time', async () => {
    here.aws.setDescribesUntilApplied(2)
    await seedCluster(here.reader, 'sales')
    await change('Cluster', true)
    const seen: unknown[] = []
    for (let time = 0; time < 3; time++)
      seen.push((await here.account.describeDatabase('cluster', 'sales'))?.iamAuthentication)
    expect(seen).toEqual([false, false, true])
  })
})

describe('a workgroup of Redshift Serverless', () => {
  test('has the id that policies name', async () => {
    here.aws.addWorkgroup('analytics', 'b0c5f3a4-1111-2222-3333-444455556666')
    expect(await here.account.getWorkgroupId('analytics')).toBe('b0c5f3a4-1111-2222-3333-444455556666')
  })

  test('that is not there is null', async () => {
    expect(await here.account.getWorkgroupId('analytics')).toBeNull()
  })

  test.each([
    ['throttle', 'UNAVAILABLE_AWS'],
    ['unavailable', 'UNAVAILABLE_AWS'],
    ['deny', 'DENIED_AWS'],
  ] as const)('that ends with "%s" is %s', async (kind, code) => {
    here.aws.inject({ action: 'GetWorkgroup', kind, times: 9 })
    await expect(here.account.getWorkgroupId('analytics')).rejects.toMatchObject({
      code,
      details: { action: 'redshift-serverless:GetWorkgroup' },
    })
  })
})
