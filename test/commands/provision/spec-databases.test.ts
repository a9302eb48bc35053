import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import type { AwsReader } from '../../support/aws-readback.ts'
import { seedCluster, seedDatabaseInstance, seedRole } from '../../support/aws-seeds.ts'
import { connectDocument, seedDatabases } from '../../support/databases.ts'
import { elsewhere, emulatedAws } from '../../support/emulated-aws.ts'
import { specFile } from '../../support/spec-file.ts'

const here = emulatedAws()
const directory = temporaryDirectory()

/** A spec with those sections, each a line of YAML or several. */
function spec(...sections: readonly string[]): string {
  const provider = 'identityProvider: { issuer: https://sso.example.com, clientIds: [workbench] }'
  return specFile(directory, ['version: 1', 'name: test', provider, ...sections, ''].join('\n'))
}

const run = (verb: 'plan' | 'apply', file: string, env = here.env) =>
  adminJson(['provision', verb, file, ...(verb === 'apply' ? ['--yes'] : [])], { env })

describe('databases of a spec', () => {
  test('get the IAM authentication that it says, at once or in their window, and keep it', async () => {
    const { reader, aws } = here
    for (const name of ['on', 'later', 'off']) await seedCluster(reader, name)
    await seedDatabaseInstance(reader, 'alone')
    const settled = ['provision', 'enable-iam-database-authentication', 'off', '--apply-immediately']
    expect((await admin(settled, here)).exitCode).toBe(0)
    const file = spec(
      'databases:',
      '  on: { kind: cluster, iamAuthentication: true, applyImmediately: true }',
      '  later: { kind: cluster, iamAuthentication: true, applyImmediately: false }',
      '  off: { kind: cluster, iamAuthentication: false, applyImmediately: true }',
      '  alone: { kind: instance, iamAuthentication: true, applyImmediately: true }',
    )
    aws.forget()
    expect((await run('plan', file)).json.summary).toMatchObject({ update: 4, unchanged: 0 })
    expect(aws.writes).toEqual([])

    const applied = await run('apply', file)
    expect(applied).toMatchObject({ exitCode: 0, json: { summary: { update: 4, failed: 0 } } })
    expect(applied.stderr).toContain('"later": the change will wait for the next maintenance window')
    expect(aws.writes.toSorted()).toEqual([...Array(3).fill('ModifyDBCluster'), 'ModifyDBInstance'])
    expect(await reader.cluster('on')).toMatchObject({ iamAuthentication: true })
    expect(await reader.cluster('later')).toMatchObject({ iamAuthentication: false, pending: true })
    expect(await reader.cluster('off')).toMatchObject({ iamAuthentication: false })
    expect(await reader.databaseInstance('alone')).toMatchObject({ iamAuthentication: true })

    aws.forget()
    const again = await run('apply', file)
    expect(again.json.summary).toMatchObject({ update: 0, unchanged: 4 })
    expect(again.stderr).toContain('"later": the change waits for the next maintenance window')
    expect(aws.writes).toEqual([])
  })

  test('are those of the region that the spec gives each account', async () => {
    const far = elsewhere(here, { region: 'eu-central-1' })
    const [id, farId] = [await seedCluster(here.reader, 'sales'), await seedCluster(far.reader, 'sales')]
    const text = (region: string) =>
      spec(
        `accounts: { "123456789012": { region: ${region} } }`,
        'databases: { sales: { kind: cluster, iamAuthentication: true, applyImmediately: true } }',
        'roles:',
        '  analyst:',
        '    trust: { subjects: [alice] }',
        '    policies: { sales: { rdsConnect: { database: sales, users: [reader] } } }',
      )
    expect((await run('apply', text('eu-central-1'))).exitCode).toBe(0)
    expect((await far.reader.cluster('sales')).iamAuthentication).toBe(true)
    expect((await here.reader.cluster('sales')).iamAuthentication).toBe(false)
    expect(await here.reader.rolePolicies('analyst')).toEqual({
      sales: connectDocument(farId, ['reader'], 'eu-central-1'),
    })
    expect((await run('apply', text('us-east-1'))).exitCode).toBe(0)
    expect((await here.reader.cluster('sales')).iamAuthentication).toBe(true)
    expect(await here.reader.rolePolicies('analyst')).toEqual({ sales: connectDocument(id, ['reader']) })
  })

  test('stand each in the account and the region that is theirs', async () => {
    const west = elsewhere(here, { region: 'eu-central-1', account: '210987654321' })
    for (const reader of [here.reader, west.reader])
      for (const name of ['sales', 'stock']) await seedCluster(reader, name)
    const config = ['123456789012', '210987654321'].map(
      (id) => `[profile of-${id}]\naws_access_key_id = AKIA${id}TEST\naws_secret_access_key = secret\n`,
    )
    const profiles = join(directory, 'config')
    writeFileSync(profiles, config.join(''))
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...rest } = here.env
    const file = spec(
      'accounts:',
      '  "123456789012": { profile: of-123456789012, region: us-east-1 }',
      '  "210987654321": { profile: of-210987654321, region: eu-central-1 }',
      'databases:',
      '  sales: { account: "123456789012", kind: cluster, iamAuthentication: true, applyImmediately: true }',
      '  stock: { account: "210987654321", kind: cluster, iamAuthentication: true, applyImmediately: true }',
    )
    const { json } = await run('apply', file, { ...rest, AWS_CONFIG_FILE: profiles })
    expect(json).toMatchObject({ summary: { update: 2, unchanged: 0, failed: 0 } })
    const isOn = async (reader: AwsReader, name: string) => (await reader.cluster(name)).iamAuthentication
    expect([await isOn(here.reader, 'sales'), await isOn(here.reader, 'stock')]).toEqual([true, false])
    expect([await isOn(west.reader, 'sales'), await isOn(west.reader, 'stock')]).toEqual([false, true])
  })

  test('are what roles connect to, be they in the spec or not, a proxy included', async () => {
    const { ids, hosts } = await seedDatabases(here.reader)
    const file = spec(
      'databases: { sales: { kind: cluster, iamAuthentication: true, applyImmediately: true } }',
      'roles:',
      '  analyst:',
      '    trust: { subjects: [alice] }',
      '    policies:',
      '      inside: { rdsConnect: { database: sales, users: [reader, writer] } }',
      '      outside: { rdsConnect: { database: alone, users: [reader] } }',
      `      pool: { rdsConnect: { database: ${hosts.pool}, users: [reader] } }`,
    )
    expect((await run('apply', file)).json.summary).toMatchObject({ create: 2, update: 1, failed: 0 })
    expect(await here.reader.rolePolicies('analyst')).toEqual({
      inside: connectDocument(ids.cluster, ['reader', 'writer']),
      outside: connectDocument(ids.instance, ['reader']),
      pool: connectDocument(ids.proxy, ['reader']),
    })
    here.aws.forget()
    expect((await run('apply', file)).json.summary).toMatchObject({ create: 0, update: 0, unchanged: 3 })
    expect(here.aws.writes).toEqual([])
  })
})

describe('a spec with databases that are not there', () => {
  const role = (name: string, ...databases: readonly string[]) =>
    [
      `  ${name}:`,
      '    trust: { subjects: [alice] }',
      '    policies:',
      ...databases.map((database) => `      ${database}: { rdsConnect: { database: ${database}, users: [reader] } }`),
    ].join('\n')

  test.each(['plan', 'apply'] as const)(
    'is refused by %s with exit 4, naming each beside all else that is wrong',
    async (verb) => {
      await seedRole(here.reader, 'foreign')
      await seedDatabaseInstance(here.reader, 'ledger', 'oracle-ee')
      here.aws.forget()
      const file = spec(
        'databases:',
        '  gone: { kind: cluster, iamAuthentication: true, applyImmediately: true }',
        '  ledger: { kind: instance, iamAuthentication: true, applyImmediately: true }',
        'roles:',
        role('analyst', 'lost', 'missing'),
        role('writer', 'nowhere'),
        '  foreign: { trust: { subjects: [alice] } }',
      )
      const { json, exitCode } = await run(verb, file)
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_DATABASE' })
      for (const words of [
        'there is no database cluster "gone" in account 123456789012, region us-east-1',
        'there is no database cluster, instance or proxy "lost" in account 123456789012, region us-east-1',
        'there is no database cluster, instance or proxy "missing"',
        'there is no database cluster, instance or proxy "nowhere"',
        'the database instance "ledger" has the engine oracle-ee, which has no IAM authentication',
        'the role "foreign" is already in account 123456789012, and it does not carry our tag',
      ])
        expect(json.error.message).toContain(words)
      expect(here.aws.writes).toEqual([])
    },
  )

  test('of one region is refused where they are in another', async () => {
    await seedCluster(elsewhere(here, { region: 'eu-central-1' }).reader, 'sales')
    const file = spec('databases: { sales: { kind: cluster, iamAuthentication: true, applyImmediately: true } }')
    const { json, exitCode } = await run('plan', file)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_DATABASE' })
    expect(json.error.message).toContain('"sales" in account 123456789012, region us-east-1')
  })
})
