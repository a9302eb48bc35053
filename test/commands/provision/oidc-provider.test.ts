import { describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import { awsEnvironment } from '../../support/aws-emulator.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()

const issuer = 'https://sso.example.com'
const arn = 'arn:aws:iam::123456789012:oidc-provider/sso.example.com'
const command = ['provision', 'oidc-provider', '--issuer', issuer, '--client-id', 'workbench']

describe('provision oidc-provider', () => {
  test('plans without a write, creates, and writes nothing the second time', async () => {
    const plan = await admin([...command, '--dry-run'], { env: here.env })
    expect(plan).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^Acting as arn:\S+ in account 123456789012 \(credentials: environment\)\n/),
    })
    expect(plan.stdout).toContain(`+ create oidc-provider ${issuer}`)
    expect(here.aws.actions).toEqual(['GetCallerIdentity', 'ListOpenIDConnectProviders'])

    here.aws.forget()
    expect(await admin(command, { env: here.env })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 created'),
    })
    expect(here.aws.writes).toEqual(['CreateOpenIDConnectProvider'])
    expect(await here.reader.provider(arn)).toEqual({
      url: 'sso.example.com',
      clientIds: ['workbench'],
      thumbprints: [],
      tags: { 'managed-by': 'admin', 'admin:spec': 'command-line' },
    })

    here.aws.forget()
    expect(await admin(command, { env: here.env })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('nothing to do'),
    })
    expect(here.aws.writes).toEqual([])
  })

  test('answers the same shape as JSON for plan, apply and no change, with the exact calls', async () => {
    const identity = { accountId: '123456789012', partition: 'aws', callerArn: expect.any(String) }
    const calls = [
      {
        service: 'iam',
        operation: 'CreateOpenIDConnectProvider',
        input: {
          Url: issuer,
          ClientIDList: ['workbench'],
          Tags: [
            { Key: 'managed-by', Value: 'admin' },
            { Key: 'admin:spec', Value: 'command-line' },
          ],
        },
      },
    ]
    const change = { account: '123456789012', kind: 'oidc-provider', name: issuer, action: 'create', calls }
    const { json: plan } = await adminJson([...command, '--dry-run'], { env: here.env })
    expect(plan).toMatchObject({ spec: 'command-line', accounts: [identity], changes: [change] })
    expect(plan.changes[0]).not.toHaveProperty('status')
    expect(plan.changes[0].fields).toContainEqual({ path: 'clientIds', before: null, after: ['workbench'] })
    const { json: applied } = await adminJson([...command, '--yes'], { env: here.env })
    expect(applied).toMatchObject({ accounts: [identity], changes: [{ ...change, status: 'done' }] })
    expect(applied.summary).toEqual({ create: 1, update: 0, delete: 0, unchanged: 0, failed: 0 })
    const { json: again } = await adminJson(command, { env: here.env })
    expect(again.changes).toMatchObject([{ action: 'unchanged', fields: [], calls: [] }])
    expect(again.summary).toEqual({ create: 0, update: 0, delete: 0, unchanged: 1, failed: 0 })
  })

  test.each([
    ['https://login.example.com/tenant/v2.0', 'login.example.com/tenant/v2.0'],
    ['https://sts.example.net/tenant/', 'sts.example.net/tenant/'],
    ['https://x.auth.example.com/', 'x.auth.example.com/'],
  ])('keeps path and trailing slash of %s', async (url, id) => {
    await admin(['provision', 'oidc-provider', '--issuer', url, '--client-id', 'workbench'], { env: here.env })
    expect(await here.reader.providers()).toEqual([`arn:aws:iam::123456789012:oidc-provider/${id}`])
    expect((await here.reader.provider(`arn:aws:iam::123456789012:oidc-provider/${id}`)).url).toBe(id)
  })

  test('adds the client ids that an existing provider lacks, and touches nothing else of it', async () => {
    await foreignProvider(issuer, ['other', 'workbench'])
    const run = await admin([...command, '--client-id', 'connect', '--client-id', 'connect'], { env: here.env })
    expect(run.stdout).toContain('+ connect')
    expect(here.aws.writes).toEqual(['AddClientIDToOpenIDConnectProvider'])
    expect(await here.reader.provider(arn)).toMatchObject({
      clientIds: ['other', 'workbench', 'connect'],
      thumbprints: ['a'.repeat(40)],
      tags: { owner: 'somebody' },
    })
  })

  test('takes several client ids after one flag', async () => {
    await admin([...command, 'connect'], { env: here.env })
    expect((await here.reader.provider(arn)).clientIds).toEqual(['workbench', 'connect'])
  })

  test('warns of a provider that differs by a slash or by case only', async () => {
    await foreignProvider(`${issuer}/`, ['workbench'])
    await foreignProvider('https://SSO.example.com', ['workbench'])
    const run = await admin([...command, '--dry-run'], { env: here.env })
    expect(run.stderr).toContain('the account also has arn:aws:iam::123456789012:oidc-provider/sso.example.com/')
    expect(run.stderr).toContain('the account also has arn:aws:iam::123456789012:oidc-provider/SSO.example.com')
    expect(run.stdout).toContain('+ create')
  })

  test('refuses a 101st client id before the first write', async () => {
    await foreignProvider(
      issuer,
      Array.from({ length: 100 }, (_, index) => `client-${index}`),
    )
    const { json, exitCode } = await adminJson(command, { env: here.env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_QUOTA' })
    expect(json.error.message).toContain('has 100 client ids and would have 101; IAM allows 100')
    expect(here.aws.writes).toEqual([])
  })

  test.each(['--dry-run', '--yes'])(
    'refuses another account than --account names, before it reads (%s)',
    async (flag) => {
      const { json, exitCode } = await adminJson([...command, '--account', '210987654321', flag], { env: here.env })
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_WRONG_ACCOUNT' })
      expect(json.error.message).toContain('of account "123456789012", expected "210987654321"')
      expect(here.aws.actions).toEqual(['GetCallerIdentity'])
    },
  )

  test('works in the account of the credentials', async () => {
    const other = awsEnvironment(here.aws, '210987654321')
    await admin([...command, '--account', '210987654321'], { env: other })
    expect(await here.reader.providers()).toEqual([])
    expect(await new AwsReader(other).providers()).toEqual(['arn:aws:iam::210987654321:oidc-provider/sso.example.com'])
  })

  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('takes the partition of %s from the caller', async (region, partition) => {
    const { json } = await adminJson(command, { env: { ...here.env, AWS_REGION: region } })
    expect(json.accounts[0].partition).toBe(partition)
    const there = new AwsReader({ ...here.env, AWS_REGION: region })
    expect(await there.providers()).toEqual([`arn:${partition}:iam::123456789012:oidc-provider/sso.example.com`])
  })

  test('needs no region', async () => {
    const run = await admin([...command, '--dry-run'], { env: { ...here.env, AWS_REGION: undefined } })
    expect(run.exitCode).toBe(0)
  })
})

/** Made by somebody else, with what we never set. */
async function foreignProvider(url: string, clientIds: readonly string[]): Promise<void> {
  const { CreateOpenIDConnectProviderCommand } = await import('@aws-sdk/client-iam')
  const tags = [{ Key: 'owner', Value: 'somebody' }]
  const input = { Url: url, ClientIDList: [...clientIds], ThumbprintList: ['a'.repeat(40)], Tags: tags }
  await here.reader.iam.send(new CreateOpenIDConnectProviderCommand(input))
  here.aws.forget()
}
