import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator, awsEnvironment } from '../../support/aws-emulator.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import { seedCluster } from '../../support/aws-seeds.ts'
import { loginName } from '../../support/people.ts'
import { specFile } from '../../support/spec-file.ts'
import { home, production, research, twoAccountsSpec, withProfile } from '../../support/two-accounts.ts'

let aws: AwsEmulator
let env: Record<string, string>
const directory = temporaryDirectory()
const file = specFile(directory, twoAccountsSpec)
const session = `arn:aws:sts::${research}:assumed-role/provisioner/admin-${loginName().replace(':', '-')}`
const user = `arn:aws:sts::${production}:user/moto`

beforeAll(async () => {
  aws = await AwsEmulator.start()
})
afterAll(() => aws.stop())
beforeEach(async () => {
  await aws.reset()
  env = withProfile(aws, directory)
})
afterEach(() => expect(aws.unimplemented).toEqual([]))

const plan = ['provision', 'plan', file]
const apply = ['provision', 'apply', file, '--yes']
const readerOf = (account: string, region = 'us-east-1') =>
  new AwsReader({ ...awsEnvironment(aws, account), AWS_REGION: region })

/** Nobody was asked anything but who acts. */
function expectOnlyIdentities(): void {
  expect(aws.actions.filter((action) => !['GetCallerIdentity', 'AssumeRole'].includes(action))).toEqual([])
}

describe('the accounts of a spec', () => {
  test('are entered by role and by profile, and the result has them in the order of the spec', async () => {
    const { json, exitCode } = await adminJson(plan, { env })
    expect({ exitCode, accounts: json.accounts }).toEqual({
      exitCode: 0,
      accounts: [
        { accountId: research, partition: 'aws', callerArn: session },
        { accountId: production, partition: 'aws', callerArn: user },
      ],
    })
    expect(json.changes.map(({ account, name }: Record<string, string>) => [account, name])).toEqual([
      [research, 'https://sso.example.com'],
      [research, 'analyst'],
      [production, 'https://sso.example.com'],
      [production, 'analyst'],
      [production, 'scientist'],
    ])
  })

  test('are said to a person before anything is done, each with where its credentials came from', async () => {
    const { stderr } = await admin(plan, { env })
    const role = `arn:aws:iam::${research}:role/admin/provisioner`
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      `Acting as ${session} in account ${research} (credentials: role ${role} assumed from environment)`,
      `Acting as ${user} in account ${production} (credentials: profile prod)`,
    ])
  })

  test('get the external id and the name of whoever acts, asked with the credentials of the environment', async () => {
    await admin(plan, { env })
    const [asked] = aws.requests.filter(({ action }) => action === 'AssumeRole')
    expect(asked?.account).toBe(home)
    expect(Object.fromEntries(asked?.parameters ?? [])).toMatchObject({
      RoleArn: `arn:aws:iam::${research}:role/admin/provisioner`,
      RoleSessionName: session.slice(session.lastIndexOf('/') + 1),
      ExternalId: 'e-1/2',
    })
  })

  test('hold each what the spec says of it, and nothing of the other', async () => {
    expect(await adminJson(apply, { env })).toMatchObject({ exitCode: 0, json: { summary: { create: 5, failed: 0 } } })
    expect(await readerOf(research).roleNames()).toEqual(['analyst'])
    expect(await readerOf(production).roleNames()).toEqual(['analyst', 'scientist'])
    expect(await readerOf(home).roleNames()).toEqual([])
    expect(await readerOf(research).providers()).toEqual([`arn:aws:iam::${research}:oidc-provider/sso.example.com`])
    expect((await readerOf(production).role('analyst')).trust).toMatchObject({
      Statement: [{ Principal: { Federated: `arn:aws:iam::${production}:oidc-provider/sso.example.com` } }],
    })
    aws.forget()
    expect((await admin(apply, { env })).stdout).toContain('nothing to do')
    expect(aws.writes).toEqual([])
  })

  test('have a region each, which goes before that of the profile and of the environment', async () => {
    const databases = [research, production].map(
      (account) => `  db-${account}: { account: "${account}", kind: cluster, iamAuthentication: true }\n`,
    )
    const text = `${twoAccountsSpec}databases:\n${databases.join('')}`
    await seedCluster(readerOf(research, 'eu-west-1'), `db-${research}`)
    await seedCluster(readerOf(production, 'us-east-2'), `db-${production}`)
    aws.forget()
    const run = await adminJson(['provision', 'apply', specFile(directory, text), '--yes'], { env })
    expect(run).toMatchObject({ exitCode: 0, json: { summary: { failed: 0 } } })
    const asked = aws.requests.filter(({ service }) => service === 'rds')
    expect(new Set(asked.map(({ account, region }) => `${account} ${region}`))).toEqual(
      new Set([`${research} eu-west-1`, `${production} us-east-2`]),
    )
  })
})

describe('--account', () => {
  test('takes one of them, and the other is not even entered', async () => {
    const { json, exitCode } = await adminJson([...apply, '--account', production], { env })
    expect(exitCode).toBe(0)
    expect(json.accounts).toEqual([{ accountId: production, partition: 'aws', callerArn: user }])
    expect(new Set(aws.requests.map(({ account }) => account))).toEqual(new Set([production]))
  })

  test.each([['plan'], ['apply'], ['destroy'], ['permissions']])(
    'of an account that the spec does not have ends %s with the list of those that it has',
    async (verb) => {
      const { json, exitCode } = await adminJson(['provision', verb, file, '--account', home], { env })
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 4, code: 'NOT_FOUND_ACCOUNT' })
      expect(json.error.message).toContain(`has no account ${home}; it has ${research}, ${production}`)
      expect(aws.requests).toEqual([])
    },
  )
})

describe('an account that cannot be entered', () => {
  test.each([['plan'], ['apply'], ['destroy']])(
    'because the profile is of another one refuses %s before anything is read or written anywhere',
    async (verb) => {
      const wrong = withProfile(aws, directory, home)
      const { json, exitCode } = await adminJson(['provision', verb, file], { env: wrong })
      expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_WRONG_ACCOUNT' })
      expect(json.error.message).toContain(`the credentials are of account "${home}", expected "${production}"`)
      expectOnlyIdentities()
    },
  )

  test('because its profile is misspelt is named, and nothing is read or written anywhere', async () => {
    const text = twoAccountsSpec.replace('profile: prod', 'profile: prdo')
    const { json, exitCode } = await adminJson(['provision', 'apply', specFile(directory, text), '--yes'], { env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
    expect(json.error.message).toContain(
      `there is no profile "prdo"\nlooked in ${env.AWS_SHARED_CREDENTIALS_FILE}, ${env.AWS_CONFIG_FILE}`,
    )
    expectOnlyIdentities()
  })

  test('because its role may not be assumed is named with the role, and nothing is read or written anywhere', async () => {
    aws.inject({ action: 'AssumeRole', kind: 'deny', times: 9 })
    const { json, exitCode } = await adminJson(apply, { env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
    expect(json.error.message).toContain(
      `the role arn:aws:iam::${research}:role/admin/provisioner could not be assumed`,
    )
    expectOnlyIdentities()
  })

  test('because sudo dropped the credentials says so, and how to hand them over', async () => {
    const bare = { AWS_ENDPOINT_URL: aws.url, AWS_EC2_METADATA_DISABLED: 'true', SUDO_USER: 'bob' }
    const { json, exitCode } = await adminJson(plan, { env: bare })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
    expect(json.error.message).toContain('the files of "bob" in /home/bob/.aws were not read')
    expect(json.error.suggestions).toContain(
      `sudo AWS_SHARED_CREDENTIALS_FILE=/home/bob/.aws/credentials AWS_CONFIG_FILE=/home/bob/.aws/config admin provision plan ${file} --json`,
    )
  })
})
