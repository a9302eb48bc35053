import { describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import { seedCluster } from '../../support/aws-seeds.ts'
import { seedDatabases } from '../../support/databases.ts'
import { elsewhere, emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()
const command = (database: string, ...flags: readonly string[]) => [
  'provision',
  'enable-iam-database-authentication',
  database,
  ...flags,
]
const now = '--apply-immediately'

/** A cluster "sales" with an instance, and an instance "alone". */
async function seed() {
  const seeded = await seedDatabases(here.reader)
  here.aws.forget()
  return seeded
}

const databases = [
  { kind: 'cluster', name: 'sales', write: 'ModifyDBCluster' },
  { kind: 'instance', name: 'alone', write: 'ModifyDBInstance' },
] as const

function look({ kind, name }: (typeof databases)[number]) {
  return kind === 'cluster' ? here.reader.cluster(name) : here.reader.databaseInstance(name)
}

describe.each(databases)('provision enable-iam-database-authentication of the $kind $name', (database) => {
  const { name, write } = database

  test('plans without a write, switches it on, writes nothing the second time, and switches it off', async () => {
    await seed()
    const plan = await admin(command(name, now, '--dry-run'), here)
    expect(plan).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('~ update') })
    expect(here.aws.writes).toEqual([])
    expect(await look(database)).toMatchObject({ iamAuthentication: false, pending: undefined })

    expect(await admin(command(name, now), here)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 updated'),
    })
    expect(here.aws.writes).toEqual([write])
    expect(await look(database)).toMatchObject({ iamAuthentication: true, pending: undefined })

    here.aws.forget()
    for (const flags of [[now], [], [now, '--wait'], ['--wait']])
      expect(await admin(command(name, ...flags), here)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('nothing to do'),
        stderr: expect.not.stringContaining('Warning'),
      })
    expect(here.aws.writes).toEqual([])

    expect((await admin(command(name, '--disable', now), here)).exitCode).toBe(0)
    expect(here.aws.writes).toEqual([write])
    expect(await look(database)).toMatchObject({ iamAuthentication: false, pending: undefined })
  })

  test('waits for the window unless told otherwise, says so each time, and can be hurried or called off', async () => {
    await seed()
    const first = await admin(command(name), here)
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 updated') })
    expect(first.stderr).toContain(`"${name}": the change will wait for the next maintenance window`)
    expect(await look(database)).toMatchObject({ iamAuthentication: false, pending: true })

    here.aws.forget()
    const second = await admin(command(name), here)
    expect(second).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to do') })
    expect(second.stderr).toContain(`"${name}": the change waits for the next maintenance window`)
    expect(here.aws.writes).toEqual([])

    expect((await admin(command(name, now), here)).stderr).not.toContain('maintenance window')
    expect(here.aws.writes).toEqual([write])
    expect(await look(database)).toMatchObject({ iamAuthentication: true, pending: undefined })

    await admin(command(name, '--disable'), here)
    expect(await look(database)).toMatchObject({ iamAuthentication: true, pending: false })
    expect((await admin(command(name), here)).stdout).toContain('1 updated')
    expect(await look(database)).toMatchObject({ iamAuthentication: true, pending: undefined })
  })

  test('names what else is pending before it is applied with it', async () => {
    await seed()
    here.aws.setOtherPending(name, { AllocatedStorage: '400', EngineVersion: '17.4' })
    const words = `"${name}": applying immediately also applies what else is pending: `
    for (const flags of [['--dry-run'], []]) {
      const { stderr } = await admin(command(name, now, ...flags), here)
      expect(stderr).toContain(words)
      expect(stderr).toContain('AllocatedStorage=400')
      expect(stderr).toContain('EngineVersion="17.4"')
    }
    here.aws.setOtherPending(name, { AllocatedStorage: '400' })
    expect((await admin(command(name, '--disable'), here)).stderr).not.toContain('what else')
  })
})

describe('provision enable-iam-database-authentication', () => {
  const arn = 'arn:aws:rds:us-east-1:123456789012'

  test.each<[string, (hosts: Readonly<Record<string, string>>) => string | undefined, string]>([
    ['the endpoint of a cluster', ({ sales }) => sales, 'sales'],
    ['the reader endpoint of a cluster', (hosts) => hosts['sales reader'], 'sales'],
    ['the ARN of a cluster', () => `${arn}:cluster:sales`, 'sales'],
    ['the endpoint of an instance', ({ alone }) => alone, 'alone'],
    ['the ARN of an instance', () => `${arn}:db:alone`, 'alone'],
  ])('takes %s', async (_, choose, name) => {
    const { hosts } = await seed()
    const { json } = await adminJson(command(choose(hosts) ?? '', now), here)
    expect(json).toMatchObject({ changes: [{ name, status: 'done' }], summary: { update: 1 } })
    const [changed, other] = [await here.reader.cluster('sales'), await here.reader.databaseInstance('alone')]
    expect({ sales: changed.iamAuthentication, alone: other.iamAuthentication }).toEqual({
      sales: name === 'sales',
      alone: name === 'alone',
    })
  })

  test('changes a database of another region there, and never its namesake', async () => {
    await seed()
    const { reader: far } = elsewhere(here, { region: 'eu-central-1' })
    await seedCluster(far, 'sales')
    const run = await admin(command('arn:aws:rds:eu-central-1:123456789012:cluster:sales', now), here)
    expect(run.exitCode).toBe(0)
    expect((await far.cluster('sales')).iamAuthentication).toBe(true)
    expect((await here.reader.cluster('sales')).iamAuthentication).toBe(false)
  })

  test('answers as JSON what it would do, what it did, and that nothing is left', async () => {
    await seed()
    const identity = { accountId: '123456789012', partition: 'aws', callerArn: 'arn:aws:sts::123456789012:user/moto' }
    const place = { account: '123456789012', kind: 'iam-database-authentication', name: 'sales' }
    const input = { DBClusterIdentifier: 'sales', EnableIAMDatabaseAuthentication: true, ApplyImmediately: true }
    const change = {
      ...place,
      action: 'update',
      fields: [{ path: 'iamDatabaseAuthentication', before: false, after: true }],
      calls: [{ service: 'rds', operation: 'ModifyDBCluster', input }],
    }
    const none = { create: 0, update: 0, delete: 0, unchanged: 0, failed: 0 }
    const result = { spec: 'command-line', accounts: [identity] }
    const plan = await adminJson(command('sales', now, '--dry-run', '--detailed-exit-code'), here)
    expect(plan).toMatchObject({ exitCode: 5 })
    expect(plan.json).toEqual({ ...result, changes: [change], summary: { ...none, update: 1 } })
    const applied = await adminJson(command('sales', now), here)
    expect(applied.json).toEqual({
      ...result,
      changes: [{ ...change, status: 'done' }],
      summary: { ...none, update: 1 },
    })
    const again = await adminJson(command('sales', now, '--dry-run', '--detailed-exit-code'), here)
    expect(again).toMatchObject({ exitCode: 0 })
    expect(again.json).toEqual({
      ...result,
      changes: [{ ...place, action: 'unchanged', fields: [], calls: [] }],
      summary: { ...none, unchanged: 1 },
    })
  })
})
