import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { seedWarehouse } from '../../support/aws-seeds.ts'
import { askByBoto } from '../../support/boto.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()
const directory = temporaryDirectory()
const cluster = ['--cluster', 'demo-cluster', '--db-name', 'dev']
const analyst = [...cluster, '--db-user', 'analyst']
let env: Record<string, string>
let host: string

beforeEach(async () => {
  host = await seedWarehouse(here.reader, 'demo-cluster')
  here.aws.addWorkgroup('demo-workgroup', 'b6b1a6d8-0000-4000-8000-000000000000')
  here.aws.forget()
  env = { ...here.env, ADMIN_CACHE_DIRECTORY: join(mkdtempSync(join(directory, 'cache-')), 'admin') }
})

const credentials = (argv: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  adminJson(['redshift', 'credentials', ...argv], { env: { ...env, ...more } })

describe('a password', () => {
  test('for a named user of a cluster comes with the user that AWS names, host and port', async () => {
    const { json, exitCode } = await credentials(analyst)
    expect({ json, exitCode }).toEqual({
      exitCode: 0,
      json: {
        dbUser: 'IAM:analyst',
        dbPassword: expect.stringMatching(/^\S{32}$/),
        expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        host,
        port: 5439,
        database: 'dev',
        cached: false,
      },
    })
    expect(here.aws.actions).toEqual(['DescribeClusters', 'GetClusterCredentials'])
  })

  test('names the user, the host and the time as boto3 is told them', async () => {
    const duration = ['--duration', '30m', '--auto-create', '--group', 'writers', '--group', 'readers']
    const { json } = await credentials([...analyst, ...duration])
    const parameters = {
      DbUser: 'analyst',
      DbName: 'dev',
      ClusterIdentifier: 'demo-cluster',
      DurationSeconds: 1800,
      AutoCreate: true,
      DbGroups: ['readers', 'writers'],
    }
    const other = await askByBoto(env, 'redshift', 'get_cluster_credentials', parameters)
    const { Clusters } = await askByBoto(env, 'redshift', 'describe_clusters', {})
    expect(json).toMatchObject({
      dbUser: other.DbUser,
      host: Clusters[0].Endpoint.Address,
      port: Clusters[0].Endpoint.Port,
    })
    expect(json.dbUser).toBe('IAMA:analyst:readers:writers')
    expect(Math.abs(Date.parse(json.expiration) - Date.parse(other.Expiration))).toBeLessThan(30_000)
    const [ours, theirs] = here.aws.requests.filter(({ action }) => action === 'GetClusterCredentials')
    expect(Object.fromEntries(ours?.parameters ?? [])).toEqual(Object.fromEntries(theirs?.parameters ?? []))
  })

  test('without a user is asked for as the identity of the caller', async () => {
    const { json, stderr } = await credentials(cluster)
    expect(json).toMatchObject({ dbUser: 'IAM:test', host })
    expect(here.aws.actions).toEqual(['DescribeClusters', 'GetClusterCredentialsWithIAM'])
    expect(stderr).toBe('')
  })

  test('of a role is told to be the same user for all its sessions', async () => {
    const argv = ['redshift', 'credentials', ...cluster]
    const role = { AWS_CONFIG_FILE: writeProfile('analyst'), AWS_PROFILE: 'role' }
    const { stdout, stderr } = await admin(argv, { env: { ...env, ...role } })
    expect(stdout).toContain('export PGUSER=IAMR:analyst\n')
    expect(stderr).toContain('"IAMR:analyst" is the user of the role: all sessions of that role are the same user')
  })

  test('for Redshift Serverless is asked of its own service', async () => {
    const { json } = await credentials(['--workgroup', 'demo-workgroup', '--db-name', 'dev', '--duration', '1h'])
    expect(json).toMatchObject({
      dbUser: 'IAM:test',
      host: 'demo-workgroup.123456789012.us-east-1.redshift-serverless.amazonaws.com',
      port: 5439,
    })
    expect(here.aws.requests.map(({ service, action }) => `${service}:${action}`)).toEqual([
      'redshift-serverless:GetWorkgroup',
      'redshift-serverless:GetCredentials',
    ])
    expect(Date.parse(json.expiration) - Date.now()).toBeGreaterThan(3_500_000)
  })

  test('where the host is given is asked for without a look at the cluster', async () => {
    const { json } = await credentials([...analyst, '--host', 'localhost', '--port', '15439'])
    expect(json).toMatchObject({ host: 'localhost', port: 15439 })
    expect(here.aws.actions).toEqual(['GetClusterCredentials'])
  })

  test('by a custom domain names that in place of the cluster', async () => {
    const argv = ['--custom-domain', 'dwh.example.com', '--db-name', 'dev', '--db-user', 'analyst']
    const { json, exitCode } = await credentials(argv)
    expect(Object.fromEntries(here.aws.requests[0]?.parameters ?? [])).toMatchObject({
      CustomDomainName: 'dwh.example.com',
    })
    // The emulator has no custom domains.
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_CLUSTER' })
  })

  test('tells that AWS does not know whether the user is there, once', async () => {
    const argv = ['redshift', 'credentials', ...analyst]
    const first = await admin(argv, { env })
    const second = await admin(argv, { env })
    expect(first.stderr).toContain('whether or not the database has that user')
    expect(second).toEqual({ ...first, stderr: '' })
  })
})

describe('at the end of a tunnel', () => {
  const tunnel = [...analyst, '--host', 'localhost', '--port', '15439']
  const printed = (argv: readonly string[]) => admin(['redshift', 'credentials', ...argv], { env })

  test('libpq is told the name of the endpoint and the address of the tunnel', async () => {
    const { stdout } = await printed(tunnel)
    expect(stdout).toContain(`export PGHOST=${host}\nexport PGHOSTADDR=127.0.0.1\nexport PGPORT=15439\n`)
    expect((await printed([...tunnel, '--format', 'psql'])).stdout).toContain(
      `psql 'host=${host} hostaddr=127.0.0.1 port=15439 dbname=dev `,
    )
    expect(here.aws.actions).toEqual(['DescribeClusters', 'GetClusterCredentials'])
  })

  test('a name of their own is looked up, and JSON says where to connect to', async () => {
    const own = [...analyst, '--host', '127.0.0.3', '--port', '15439']
    expect((await printed(own)).stdout).toContain(`export PGHOST=${host}\nexport PGHOSTADDR=127.0.0.3\n`)
    const { json } = await credentials(own)
    expect(Object.keys(json)).toEqual(['dbUser', 'dbPassword', 'expiration', 'host', 'port', 'database', 'cached'])
    expect(json).toMatchObject({ host: '127.0.0.3', port: 15439 })
    const lost = await printed([...analyst, '--host', 'tunnel.invalid'])
    expect(lost).toMatchObject({ exitCode: 7, stdout: '', stderr: expect.stringContaining('"tunnel.invalid"') })
  })

  test('whoever may not describe the cluster is told what verify-full wants', async () => {
    here.aws.inject({ action: 'DescribeClusters', kind: 'deny', times: 10 })
    const { stdout, stderr, exitCode } = await printed(tunnel)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('export PGHOST=localhost\n') })
    expect(stderr).toContain('the certificate is not for "localhost", but for the endpoint of Redshift')
  })

  test.each(['jdbc', 'odbc'])('%s is said to have no such way', async (format) => {
    const { stdout, stderr } = await printed([...tunnel, '--format', format])
    expect(stdout).toContain('verify-full')
    expect(stderr).toMatch(/\/etc\/hosts.* --host ENDPOINT --port 15439\n.*verify-ca in place of verify-full/)
    expect(here.aws.actions).toEqual(['GetClusterCredentials'])
  })

  test('the endpoint itself, as of another VPC, and a custom domain are what they are', async () => {
    const endpoint = 'demo-endpoint-abc.abcdefghijkl.us-east-1.redshift.amazonaws.com'
    const { stdout } = await printed([...analyst, '--host', endpoint])
    expect(stdout).toContain(`export PGHOST=${endpoint}\nexport PGPORT=5439\n`)
    expect(here.aws.actions).toEqual(['GetClusterCredentials'])
  })
})

test('what Redshift would not take is refused before anybody is asked, all of it at once', async () => {
  const wrong = ['--cluster', 'Demo', '--db-name', '1', '--db-user', 'PUBLIC', '--duration', '7200']
  const { json, exitCode } = await credentials(wrong)
  expect(exitCode).toBe(2)
  expect(json.error.message.split('\n')).toHaveLength(4)
  expect(json.error.message).toContain('7200 seconds are too many, Redshift gives 900 to 3600; expected 15m to 60m')
  expect(here.aws.requests).toEqual([])
})

function writeProfile(role: string): string {
  const file = join(mkdtempSync(join(directory, 'aws-')), 'config')
  const keys = `aws_access_key_id = ${env.AWS_ACCESS_KEY_ID}\naws_secret_access_key = secret\n`
  const lines = `[profile base]\n${keys}[profile role]\nrole_arn = arn:aws:iam::123456789012:role/${role}\nsource_profile = base\n`
  writeFileSync(file, lines)
  return file
}
