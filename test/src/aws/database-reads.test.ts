import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { SdkAccount } from '../../../src/aws/account.ts'
import { AwsEmulator, awsEnvironment } from '../../support/aws-emulator.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import { seedCluster, seedDatabaseInstance, seedProxy } from '../../support/aws-seeds.ts'
import { openIn } from '../../support/open-account.ts'

let aws: AwsEmulator
let reader: AwsReader
let account: SdkAccount
let close: () => void

beforeAll(async () => {
  aws = await AwsEmulator.start()
  reader = new AwsReader(awsEnvironment(aws))
})
afterAll(() => aws.stop())
beforeEach(async () => {
  await aws.reset()
  ;({ account, close } = await openIn({ ...awsEnvironment(aws), AWS_MAX_ATTEMPTS: '1' }))
  aws.forget()
})
afterEach(() => {
  close()
  expect(aws.unimplemented).toEqual([])
})

describe('a database', () => {
  test('that is a cluster has the id that policies name, the endpoints, and no IAM authentication at first', async () => {
    const resourceId = await seedCluster(reader, 'sales')
    expect(resourceId).toMatch(/^cluster-[A-Z0-9]{26}$/)
    expect(await account.describeDatabase('cluster', 'sales')).toMatchObject({
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
    const ids = [await seedDatabaseInstance(reader, 'one'), await seedDatabaseInstance(reader, 'two')]
    expect(new Set(ids).size).toBe(2)
    expect(await account.describeDatabase('instance', 'two')).toMatchObject({
      resourceId: ids[1],
      engine: 'postgres',
      instanceClass: 'db.t3.micro',
      endpoints: [expect.stringMatching(/^two\..*\.rds\.amazonaws\.com$/)],
      cluster: null,
      engineMode: null,
    })
  })

  test('that is a proxy is found by its name and by the id in its ARN', async () => {
    const id = await seedProxy(reader, 'pool')
    expect(id).toMatch(/^prx-[0-9a-z]+$/)
    const byName = await account.describeDatabase('proxy', 'pool')
    expect(byName).toMatchObject({ identifier: 'pool', resourceId: id, engine: 'POSTGRESQL', iamAuthentication: true })
    expect(await account.describeDatabase('proxy', id)).toEqual(byName)
    expect(await account.describeDatabase('proxy', 'prx-00000000000000000')).toBeNull()
  })

  test.each(['cluster', 'instance', 'proxy'] as const)('that is no %s is null', async (kind) => {
    expect(await account.describeDatabase(kind, 'nothing')).toBeNull()
  })

  test('of another region is found there', async () => {
    await seedCluster(new AwsReader({ ...awsEnvironment(aws), AWS_REGION: 'eu-central-1' }), 'far')
    expect(await account.describeDatabase('cluster', 'far')).toBeNull()
    expect(await account.describeDatabase('cluster', 'far', 'eu-central-1')).toMatchObject({
      arn: 'arn:aws:rds:eu-central-1:123456789012:cluster:far',
    })
  })

  test.each([
    ['unavailable', 'UNAVAILABLE_AWS'],
    ['throttle', 'UNAVAILABLE_AWS'],
    ['deny', 'DENIED_AWS'],
  ] as const)('whose description ends with "%s" is %s, named as policies name it', async (kind, code) => {
    aws.inject({ action: 'rds:DescribeDBInstances', kind, times: 9 })
    await expect(account.describeDatabase('instance', 'one')).rejects.toMatchObject({
      code,
      details: { action: 'rds:DescribeDBInstances', resource: 'instance one' },
    })
  })
})

describe('support of IAM authentication', () => {
  test('is what RDS offers for engine and version', async () => {
    await seedCluster(reader, 'sales')
    const database = await account.describeDatabase('cluster', 'sales')
    if (database === null) throw new Error('no cluster')
    expect(await account.supportsIamAuthentication(database)).toBe(true)
  })

  test('is unknown where RDS offers nothing, and of proxies', async () => {
    await seedDatabaseInstance(reader, 'one', 'mysql')
    const instance = await account.describeDatabase('instance', 'one')
    if (instance === null) throw new Error('no instance')
    expect(await account.supportsIamAuthentication(instance)).toBeNull()
    expect(await account.supportsIamAuthentication({ ...instance, kind: 'proxy' })).toBeNull()
  })

  test('is not to be had on Aurora Serverless v1, and RDS is not asked', async () => {
    await seedCluster(reader, 'sales')
    const database = await account.describeDatabase('cluster', 'sales')
    if (database === null) throw new Error('no cluster')
    aws.forget()
    expect(await account.supportsIamAuthentication({ ...database, engineMode: 'serverless' })).toBe(false)
    expect(aws.actions).toEqual([])
  })
})

describe('a change of IAM authentication', () => {
  const change = (kind: 'Cluster' | 'Instance', isImmediate: boolean) =>
    account.send({
      service: 'rds',
      operation: `ModifyDB${kind}`,
      input: {
        [`DB${kind}Identifier`]: 'sales',
        EnableIAMDatabaseAuthentication: true,
        ApplyImmediately: isImmediate,
      },
    })

  test.each(['Cluster', 'Instance'] as const)('of a %s takes effect at once where that is said', async (kind) => {
    await (kind === 'Cluster' ? seedCluster(reader, 'sales') : seedDatabaseInstance(reader, 'sales'))
    await change(kind, true)
    const seen = await account.describeDatabase(kind === 'Cluster' ? 'cluster' : 'instance', 'sales')
    expect(seen).toMatchObject({ iamAuthentication: true, pending: {} })
  })

  test.each(['Cluster', 'Instance'] as const)('of a %s waits for its window otherwise, visibly', async (kind) => {
    await (kind === 'Cluster' ? seedCluster(reader, 'sales') : seedDatabaseInstance(reader, 'sales'))
    await change(kind, false)
    const port = kind === 'Cluster' ? ('cluster' as const) : ('instance' as const)
    expect(await account.describeDatabase(port, 'sales')).toMatchObject({
      iamAuthentication: false,
      pending: { IAMDatabaseAuthenticationEnabled: true },
    })
    aws.passMaintenanceWindow()
    expect(await account.describeDatabase(port, 'sales')).toMatchObject({ iamAuthentication: true, pending: {} })
  })

  test('may take its time', async () => {
    aws.setDescribesUntilApplied(2)
    await seedCluster(reader, 'sales')
    await change('Cluster', true)
    const seen: unknown[] = []
    for (let time = 0; time < 3; time++)
      seen.push((await account.describeDatabase('cluster', 'sales'))?.iamAuthentication)
    expect(seen).toEqual([false, false, true])
  })
})

describe('a workgroup of Redshift Serverless', () => {
  test('has the id that policies name', async () => {
    aws.addWorkgroup('analytics', 'b0c5f3a4-1111-2222-3333-444455556666')
    expect(await account.getWorkgroupId('analytics')).toBe('b0c5f3a4-1111-2222-3333-444455556666')
  })

  test('that is not there is null', async () => {
    expect(await account.getWorkgroupId('analytics')).toBeNull()
  })

  test.each([
    ['throttle', 'UNAVAILABLE_AWS'],
    ['unavailable', 'UNAVAILABLE_AWS'],
    ['deny', 'DENIED_AWS'],
  ] as const)('that ends with "%s" is %s', async (kind, code) => {
    aws.inject({ action: 'GetWorkgroup', kind, times: 9 })
    await expect(account.getWorkgroupId('analytics')).rejects.toMatchObject({
      code,
      details: { action: 'redshift-serverless:GetWorkgroup' },
    })
  })
})
