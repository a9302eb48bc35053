import { beforeEach, describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import { seedWarehouse } from '../../support/aws-seeds.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()
const cluster = ['--cluster', 'demo-cluster', '--db-name', 'dev']
let host: string

beforeEach(async () => {
  host = await seedWarehouse(here.reader, 'demo-cluster')
  here.aws.addWorkgroup('demo-workgroup', 'b6b1a6d8-0000-4000-8000-000000000000')
  here.aws.forget()
})

async function url(...argv: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await admin(['redshift', 'url', ...argv], { env: here.env })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return stdout.trim()
}

describe('a URL', () => {
  test('lets the JDBC driver fetch its password, with all that was asked for', async () => {
    const groups = ['--group', 'writers', '--group', 'readers', '--duration', '1h', '--auto-create']
    const tls = 'ssl=true&sslMode=verify-full'
    expect(await url(...cluster, '--db-user', 'analyst', ...groups)).toBe(
      `jdbc:redshift:iam://${host}:5439/dev?ClusterID=demo-cluster&Region=us-east-1&DbUser=analyst&AutoCreate=true&DbGroups=readers%2Cwriters&IAMDuration=3600&${tls}`,
    )
    expect(here.aws.actions).toEqual(['DescribeClusters'])
  })

  test('tells the driver where the identity of the caller makes the user', async () => {
    expect(await url(...cluster)).toContain('&groupFederation=true&')
    expect(await url(...cluster, '--format', 'odbc-iam')).toContain(';group_federation=1;')
  })

  test('of a workgroup says so', async () => {
    expect(await url('--workgroup', 'demo-workgroup', '--db-name', 'dev')).toBe(
      'jdbc:redshift:iam://demo-workgroup.123456789012.us-east-1.redshift-serverless.amazonaws.com:5439/dev?isServerless=true&serverlessWorkGroup=demo-workgroup&Region=us-east-1&ssl=true&sslMode=verify-full',
    )
  })

  test('is a string for ODBC', async () => {
    const argv = ['--db-user', 'analyst', '--duration', '30m', '--format', 'odbc-iam', '--odbc-driver', 'Redshift']
    expect(await url(...cluster, ...argv)).toBe(
      `Driver={Redshift};Server=${host};Port=5439;Database=dev;IAM=1;ClusterId=demo-cluster;Region=us-east-1;DbUser=analyst;IAMDuration=1800;SSLMode=verify-full;`,
    )
  })

  test('is plain, with no user and no password', async () => {
    expect(await url(...cluster, '--format', 'jdbc')).toBe(
      `jdbc:redshift://${host}:5439/dev?ssl=true&sslMode=verify-full`,
    )
    const name = 'other.abcdefghijkl.us-east-1.redshift.amazonaws.com'
    const uri = ['redshift', 'url', ...cluster, '--format', 'uri', '--host', name, '--port', '15439']
    const { stdout } = await admin(uri, { env: { ...here.env, PGSSLROOTCERT: '/etc/my ca.pem' } })
    expect(stdout).toBe(`postgresql://${name}:15439/dev?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem\n`)
  })

  test('where the host is named needs no credentials, and no region that the host does not tell', async () => {
    const env = { AWS_EC2_METADATA_DISABLED: 'true' }
    const print = (host: string, format: string, more: readonly string[] = []) =>
      admin(['redshift', 'url', ...cluster, '--host', host, '--format', format, ...more], { env })
    const name = 'demo-cluster.abcdefghijkl.eu-west-1.redshift.amazonaws.com'
    for (const format of ['jdbc-iam', 'odbc-iam']) {
      expect(await print(name, format)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching('Region=eu-west-1'),
      })
      expect(await print('localhost', format)).toMatchObject({ exitCode: 2, stdout: '' })
      const named = await print('localhost', format, ['--region', 'eu-west-3'])
      expect(named).toMatchObject({ exitCode: 0, stdout: expect.stringMatching('Region=eu-west-3') })
    }
    expect(await print('localhost', 'jdbc')).toMatchObject({ exitCode: 0 })
    expect(await print('localhost', 'uri')).toMatchObject({ exitCode: 0 })
    expect(here.aws.requests).toEqual([])
  })

  test('at the end of a tunnel is said not to be of use as it is', async () => {
    const tunnel = ['redshift', 'url', ...cluster, '--host', 'localhost', '--format']
    expect((await admin([...tunnel, 'uri'], { env: here.env })).stderr).toContain('PGHOSTADDR')
    expect((await admin([...tunnel, 'jdbc-iam'], { env: here.env })).stderr).toContain('verify-ca')
  })

  test('is one of the parts that --json tells', async () => {
    const { json } = await adminJson(['redshift', 'url', ...cluster, '--format', 'uri'], { env: here.env })
    expect(json).toEqual({
      url: expect.stringMatching(`^postgresql://${host}:5439/dev\\?sslmode=verify-full&sslrootcert=(/|system)`),
      host,
      port: 5439,
      database: 'dev',
    })
  })

  test('of what is not there is refused', async () => {
    const { json, exitCode } = await adminJson(['redshift', 'url', '--cluster', 'demo', '--db-name', 'dev'], {
      env: here.env,
    })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_CLUSTER' })
  })
})
