import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { anyTrust, ownTags, seedCluster, seedRole } from '../../support/aws-seeds.ts'
import { connectDocument, databaseHosts } from '../../support/databases.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'
import { sqlite } from '../../support/sqlite.ts'

const here = emulatedAws()
const directory = temporaryDirectory()

function command(database: string, user = 'reader'): readonly string[] {
  return ['provision', 'rds-connect-policy', '--role', 'analyst', '--database', database, '--db-user', user]
}

/** The cluster "sales", and a role with those tags. */
async function seed(tags: readonly object[] = ownTags('command-line')): Promise<string> {
  await seedRole(here.reader, 'analyst', { Tags: tags })
  const id = await seedCluster(here.reader, 'sales')
  here.aws.forget()
  return id
}

describe('a database that cannot be meant', () => {
  const host = 'sales.cluster-abcdefghijkl.us-east-1.rds.amazonaws.com'

  test.each([
    ['sales.cluster-custom-abcdefghijkl.us-east-1.rds.amazonaws.com', 'custom endpoints of Aurora take no IAM'],
    ['10.0.0.7', 'it is an IP address'],
    ['localhost', 'it is this host'],
    [`${host}:5432`, 'write the host without its port'],
    ['db.corp.example', 'the name belongs to another domain'],
    ['arn:aws:rds:us-east-1:12345678901:cluster:sales', 'its account id is "12345678901"'],
    ['arn:aws:rds-db:us-east-1:123456789012:dbuser:cluster-ABC/reader', 'that is what a policy names'],
    ['arn:aws:redshift:us-east-1:123456789012:cluster:sales', 'that is an ARN of the service "redshift"'],
    ['arn:aws:rds:us-east-1:123456789012:snapshot:sales', 'it names a "snapshot"'],
    ['cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'it is a resource id'],
    ['', 'it is empty'],
  ])('as %j is refused before AWS is asked anything', async (database, words) => {
    const { json, exitCode } = await adminJson(command(database), here)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_DATABASE_REFERENCE' })
    expect(json.error.message).toContain(words)
    expect(here.aws.requests).toEqual([])
  })

  test.each(['*', 'read?r', 'reader/admin', '', 'a'.repeat(64)])(
    'as the user %j is refused before AWS is asked anything',
    async (user) => {
      const { json, exitCode } = await adminJson(command('sales', user), here)
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_DATABASE_USER' })
      expect(here.aws.requests).toEqual([])
    },
  )

  test('is one of several mistakes that are all told', async () => {
    const run = await adminJson([...command('10.0.0.7', '*'), '--account', '12345678901'], here)
    expect(run.exitCode).toBe(2)
    for (const words of ['it is an IP address', 'it has a wildcard', '12345678901'])
      expect(run.json.error.message).toContain(words)
  })

  test('of another account is refused: a policy here would never let anybody in', async () => {
    await seed()
    const { json, exitCode } = await adminJson(command('arn:aws:rds:us-east-1:210987654321:cluster:sales'), here)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_WRONG_ACCOUNT' })
    expect(json.error.message).toContain('is in account 210987654321, you act in 123456789012')
    expect(here.aws.actions).toEqual(['GetCallerIdentity'])
  })
})

describe('a database that is not there', () => {
  test.each([
    ['warehouse', 'cluster, instance or proxy "warehouse" in account 123456789012, region us-east-1'],
    ['sales.zyxwvutsrqpo.us-east-1.rds.amazonaws.com', 'instance "sales.zyx'],
    ['sales.cluster-zyxwvutsrqpo.us-east-1.rds.amazonaws.com', 'cluster "sales.cluster-zyx'],
    ['arn:aws:rds:eu-west-1:123456789012:cluster:sales', 'in account 123456789012, region eu-west-1'],
    ['arn:aws:rds:us-east-1:123456789012:db-proxy:prx-0123456789abcdef0', 'proxy "arn:aws:rds'],
  ])('as %s ends with exit 4 and writes nothing, whatever bears its name today', async (database, words) => {
    await seed()
    const { json, exitCode } = await adminJson(command(database), here)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_DATABASE' })
    expect(json.error.message).toContain(words)
    expect(here.aws.writes).toEqual([])
  })
})

describe('the role', () => {
  test('that is not there ends with exit 4', async () => {
    await seedCluster(here.reader, 'sales')
    here.aws.forget()
    const { json, exitCode } = await adminJson(command('sales'), here)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_ROLE' })
    expect(json.error.suggestions).toEqual([expect.stringMatching(/^admin provision web-identity-role analyst /)])
    expect(here.aws.writes).toEqual([])
  })

  test.each([
    ['that somebody else made', [{ Key: 'team', Value: 'data' }], 'it does not carry our tag'],
    ['of another spec', ownTags('workbench-prod'), 'it belongs to the spec "workbench-prod"'],
  ])('%s is refused, and taken over with --adopt', async (_, tags, words) => {
    const id = await seed(tags)
    const other = { RoleName: 'analyst', PolicyName: 'other', PolicyDocument: anyActions }
    await here.reader.iam.send(new PutRolePolicyCommand(other))
    here.aws.forget()
    const { json, exitCode } = await adminJson(command('sales'), here)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_NOT_OURS' })
    expect(json.error.message).toContain(words)
    expect(here.aws.writes).toEqual([])

    expect((await admin([...command('sales'), '--adopt'], here)).exitCode).toBe(0)
    expect(here.aws.writes).toEqual(['TagRole', 'PutRolePolicy'])
    const { tags: now, trust } = await here.reader.role('analyst')
    expect(now).toMatchObject({ 'managed-by': 'admin', 'admin:spec': 'command-line' })
    expect(trust).toEqual(JSON.parse(anyTrust))
    expect(await here.reader.rolePolicies('analyst')).toEqual({
      other: JSON.parse(anyActions),
      'rds-connect-us-east-1-cluster-sales': connectDocument(id, ['reader']),
    })
  })
})

const anyActions = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }],
})

describe('the events of the calls', () => {
  test('go to the store of the environment: --database is the database of the policy', async () => {
    await seed()
    const store = join(directory, 'events.db')
    const { sales = '' } = await databaseHosts(here.reader)
    const env = { ...here.env, ADMIN_DATABASE: store }
    expect((await admin([...command(sales), '--dry-run'], { env, cwd: directory })).exitCode).toBe(0)
    expect(existsSync(store)).toBe(false)
    expect((await admin(command(sales), { env, cwd: directory })).exitCode).toBe(0)
    expect(existsSync(join(directory, sales))).toBe(false)
    expect(sqlite(store, 'SELECT action FROM events ORDER BY id')).toEqual([
      { action: 'aws-request' },
      { action: 'aws-response' },
    ])
  })
})
