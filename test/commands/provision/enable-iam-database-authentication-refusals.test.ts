import { describe, expect, test } from '@jest/globals'
import { adminJson } from '../../support/admin.ts'
import { seedCluster, seedDatabaseInstance } from '../../support/aws-seeds.ts'
import { seedDatabases } from '../../support/databases.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()

/** How the command ended, having written nothing. */
async function refused(database: string, ...flags: readonly string[]) {
  here.aws.forget()
  const argv = ['provision', 'enable-iam-database-authentication', database, '--apply-immediately', ...flags]
  const { json, exitCode } = await adminJson(argv, here)
  expect(here.aws.writes).toEqual([])
  return { exitCode, ...json.error }
}

describe('a database that cannot have IAM authentication', () => {
  test.each(['oracle-ee', 'oracle-se2', 'sqlserver-ex', 'sqlserver-web'])(
    'because it is of %s is refused',
    async (engine) => {
      await seedDatabaseInstance(here.reader, 'ledger', engine, { AllocatedStorage: 200 })
      expect(await refused('ledger')).toMatchObject({
        exitCode: 3,
        code: 'REFUSED_ENGINE',
        message: `the database instance "ledger" has the engine ${engine}, which has no IAM authentication\nnothing was changed`,
      })
    },
  )

  test('because its version of MariaDB is too old is refused, a newer one is not', async () => {
    await seedDatabaseInstance(here.reader, 'old', 'mariadb', { EngineVersion: '10.6.20' })
    await seedDatabaseInstance(here.reader, 'new', 'mariadb', { EngineVersion: '11.4.4' })
    expect(await refused('old')).toMatchObject({
      exitCode: 3,
      code: 'REFUSED_ENGINE',
      message: expect.stringContaining(
        'runs mariadb 10.6.20 on db.t3.micro, which has no IAM authentication in region us-east-1',
      ),
      suggestions: expect.arrayContaining([expect.stringMatching(/^aws rds describe-orderable-db-instance-options /)]),
    })
    const argv = ['provision', 'enable-iam-database-authentication', 'new', '--apply-immediately']
    expect((await adminJson(argv, here)).json.summary).toMatchObject({ update: 1 })
    expect((await here.reader.databaseInstance('new')).iamAuthentication).toBe(true)
  })

  test('because it is Aurora Serverless v1 is refused', async () => {
    await seedCluster(here.reader, 'sleepy', { EngineMode: 'serverless' })
    expect(await refused('sleepy')).toMatchObject({
      exitCode: 3,
      code: 'REFUSED_ENGINE',
      message: expect.stringContaining('is Aurora Serverless v1, which has no IAM authentication; v2 has'),
    })
  })
})

describe('a database that has it from elsewhere', () => {
  test.each<[string, readonly string[], string]>([
    ['sales-1', [], 'sales --apply-immediately'],
    ['sales-1', ['--disable'], 'sales --disable --apply-immediately'],
    ['arn:aws:rds:us-east-1:123456789012:db:sales-1', ['--wait'], 'sales --apply-immediately'],
  ])('as the instance %s of a cluster (%j) is refused with the command for the cluster', async (name, flags, rest) => {
    await seedDatabases(here.reader)
    expect(await refused(name, ...flags)).toMatchObject({
      exitCode: 3,
      code: 'REFUSED_ENGINE',
      message: expect.stringContaining('"sales-1" is in the cluster "sales", which decides for all its instances'),
      suggestions: [`admin provision enable-iam-database-authentication ${rest}`],
    })
  })

  test('as a proxy is refused, by its name and by its endpoint', async () => {
    const { hosts } = await seedDatabases(here.reader)
    for (const name of ['pool', hosts.pool ?? ''])
      expect(await refused(name)).toMatchObject({
        exitCode: 3,
        code: 'REFUSED_ENGINE',
        message: expect.stringContaining('is a proxy, which has its own setting of authentication'),
      })
  })
})

describe('a database', () => {
  test.each([
    ['warehouse', 'there is no database cluster, instance or proxy "warehouse"'],
    ['warehouse.cluster-abcdefghijkl.us-east-1.rds.amazonaws.com', 'there is no database cluster "warehouse.'],
    ['arn:aws:rds:us-west-2:123456789012:db:alone', 'region us-west-2'],
  ])('that is not there (%s) ends with exit 4', async (name, words) => {
    await seedDatabases(here.reader)
    const { exitCode, code, message } = await refused(name)
    expect({ exitCode, code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_DATABASE' })
    expect(message).toContain(words)
  })

  test('of another account is refused', async () => {
    expect(await refused('arn:aws:rds:us-east-1:210987654321:cluster:sales')).toMatchObject({
      exitCode: 3,
      code: 'REFUSED_WRONG_ACCOUNT',
    })
  })

  test.each(['10.0.0.7', 'localhost', 'db.corp.example', 'arn:aws:rds:us-east-1:12345678901:db:alone'])(
    'as %s is refused before AWS is asked anything',
    async (name) => {
      expect(await refused(name)).toMatchObject({ exitCode: 2, code: 'INVALID_DATABASE_REFERENCE' })
      expect(here.aws.requests).toEqual([])
    },
  )

  test.each(['', '--disable'])('that would only change in its window is not waited for (%s)', async (flag) => {
    await seedCluster(here.reader, 'sales')
    const base = ['provision', 'enable-iam-database-authentication', 'sales']
    if (flag !== '') await adminJson([...base, '--apply-immediately'], here)
    here.aws.forget()
    const { json, exitCode } = await adminJson([...base, '--wait', ...(flag === '' ? [] : [flag])], here)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_MAINTENANCE_WINDOW' })
    expect(json.error.message).toContain('--apply-immediately does it now\nnothing was changed')
    expect(here.aws.writes).toEqual([])
  })

  test('whose change waits in its window already is not waited for either', async () => {
    await seedCluster(here.reader, 'sales')
    const base = ['provision', 'enable-iam-database-authentication', 'sales']
    await adminJson(base, here)
    const { json } = await adminJson([...base, '--wait'], here)
    expect(json.error.code).toBe('REFUSED_MAINTENANCE_WINDOW')
  })
})
