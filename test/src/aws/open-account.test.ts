import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FailedAttempt } from '../../../src/aws/attempts.ts'
import type { AccountAccess } from '../../../src/aws/credentials.ts'
import type { OpenAccount } from '../../../src/aws/open-account.ts'
import type { RoleArn } from '../../../src/iam/role-arn.ts'
import { temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator, awsEnvironment, noOtherAws } from '../../support/aws-emulator.ts'
import { enforcePolicy } from '../../support/aws-enforcement.ts'
import { openIn } from '../../support/open-account.ts'

let aws: AwsEmulator
const directory = temporaryDirectory()
const opened: OpenAccount[] = []

beforeAll(async () => {
  aws = await AwsEmulator.start()
})
afterAll(() => aws.stop())
beforeEach(() => aws.reset())
afterEach(() => {
  for (const { close } of opened.splice(0)) close()
})

async function open(environment: Record<string, string | undefined>, access: Partial<AccountAccess> = {}) {
  const account = await openIn(environment, access)
  opened.push(account)
  return account
}

/** Nothing but the endpoint and a file of profiles: the SDK remembers files by name, so each has one of its own. */
function withProfiles(text: string): Record<string, string> {
  const file = join(mkdtempSync(join(directory, 'aws-')), 'config')
  writeFileSync(file, text)
  return { ...noOtherAws, AWS_ENDPOINT_URL: aws.url, AWS_CONFIG_FILE: file, AWS_MAX_ATTEMPTS: '3' }
}

const keys = (account: string) => `aws_access_key_id = AKIA${account}TEST\naws_secret_access_key = secret\n`
const role = 'arn:aws:iam::222233334444:role/admin/provisioner' as RoleArn

describe('a profile that is named', () => {
  test('gives its keys and its region, whatever the environment has', async () => {
    const profiles = withProfiles(`[profile prod]\n${keys('210987654321')}region = eu-west-1\n`)
    const { account, credentialSource } = await open({ ...awsEnvironment(aws), ...profiles }, { profile: 'prod' })
    expect(account).toMatchObject({ identity: { accountId: '210987654321' }, region: 'eu-west-1' })
    expect(credentialSource).toBe('profile prod')
  })

  test('may lead on to a role by its source_profile', async () => {
    const profiles = withProfiles(
      `[profile base]\n${keys('210987654321')}\n[profile prod]\nregion = us-east-1\nrole_arn = ${role}\nsource_profile = base\n`,
    )
    const { account, credentialSource } = await open(profiles, { profile: 'prod' })
    expect(account.identity.callerArn).toMatch(/^arn:aws:sts::222233334444:assumed-role\/provisioner\//)
    expect(credentialSource).toBe('profile prod')
  })

  test('may run a process', async () => {
    const answer = JSON.stringify({ Version: 1, AccessKeyId: 'AKIA210987654321TEST', SecretAccessKey: 'secret' })
    const profiles = withProfiles(`[profile prod]\ncredential_process = echo '${answer}'\n`)
    const { account } = await open(profiles, { profile: 'prod' })
    expect(account.identity.accountId).toBe('210987654321')
  })

  test('that no file has never falls back on the environment', async () => {
    const profiles = withProfiles('[profile prod]\nregion = eu-west-1\n')
    await expect(open({ ...awsEnvironment(aws), ...profiles }, { profile: 'prdo' })).rejects.toMatchObject({
      code: 'DENIED_AWS_CREDENTIALS',
      message: `there is no profile "prdo"\nlooked in /dev/null, ${profiles.AWS_CONFIG_FILE}`,
      suggestions: ['aws configure list-profiles', 'aws configure --profile prdo'],
    })
    expect(aws.actions).toEqual([])
  })

  test('that has no credentials never falls back on the environment either', async () => {
    const profiles = withProfiles('[profile prod]\nregion = eu-west-1\n')
    await expect(open({ ...awsEnvironment(aws), ...profiles }, { profile: 'prod' })).rejects.toMatchObject({
      code: 'DENIED_AWS_CREDENTIALS',
      message: expect.stringContaining('the profile "prod" gives no credentials'),
    })
  })

  test('whose source_profile is missing says so', async () => {
    const profiles = withProfiles(`[profile prod]\nrole_arn = ${role}\nsource_profile = gone\n`)
    await expect(open(profiles, { profile: 'prod' })).rejects.toMatchObject({
      code: 'DENIED_AWS_CREDENTIALS',
      message: expect.stringContaining('its source_profile is "gone", and no file has that'),
    })
  })
})

describe('a role that is to be assumed', () => {
  test('is, from the environment: once for all clients, in a session named after who acts', async () => {
    const { account, credentialSource } = await open(awsEnvironment(aws), { assumeRole: role, actor: 'jörg@x y' })
    expect(account.identity).toMatchObject({
      accountId: '222233334444',
      callerArn: 'arn:aws:sts::222233334444:assumed-role/provisioner/admin-j-rg@x-y',
    })
    expect(credentialSource).toBe(`role ${role} assumed from environment`)
    aws.addWorkgroup('w', 'id', '222233334444')
    await account.getRole('x')
    await account.describeDatabase('cluster', 'x')
    await account.describeInstanceProfiles(['i-0123456789abcdef0'])
    expect(await account.getWorkgroupId('w')).toBe('id')
    const [first, ...others] = aws.requests
    expect(first).toMatchObject({ service: 'sts', action: 'AssumeRole', account: '123456789012', status: 200 })
    expect(others.map(({ action }) => action)).not.toContain('AssumeRole')
    expect(new Set(others.map(({ account }) => account))).toEqual(new Set(['222233334444']))
  })

  test('is, from a profile', async () => {
    const profiles = withProfiles(`[profile prod]\n${keys('210987654321')}`)
    const { account, credentialSource } = await open(profiles, { profile: 'prod', assumeRole: role })
    expect(account.identity.accountId).toBe('222233334444')
    expect(credentialSource).toBe(`role ${role} assumed from profile prod`)
    expect(aws.requests[0]).toMatchObject({ action: 'AssumeRole', account: '210987654321' })
  })

  test('in a session name of at most 64 characters', async () => {
    const { account } = await open(awsEnvironment(aws), { assumeRole: role, actor: 'a'.repeat(99) })
    expect(account.identity.callerArn).toMatch(new RegExp(`/admin-${'a'.repeat(58)}$`))
  })

  test('and may not be, names the role, the caller, the permission and the external id', async () => {
    const message = `User: arn:aws:iam::123456789012:user/bob is not authorized to perform: sts:AssumeRole on resource: ${role}`
    aws.inject({ action: 'AssumeRole', kind: { status: 403, code: 'AccessDenied', message }, times: 9 })
    const attempt = open(awsEnvironment(aws), { assumeRole: role, externalId: 'e-1' })
    await expect(attempt).rejects.toMatchObject({
      code: 'DENIED_AWS_CREDENTIALS',
      message: [
        `the role ${role} could not be assumed as arn:aws:sts::123456789012:user/moto (credentials: environment): ${message}`,
        "the caller needs sts:AssumeRole on that role, and the role's trust policy must allow the caller",
        'an external id was given; it must be the one of the condition on sts:ExternalId in the trust policy',
      ].join('\n'),
      suggestions: [`aws sts assume-role --role-arn ${role} --role-session-name admin-bob --external-id e-1`],
      details: { action: 'sts:AssumeRole', resource: role, awsError: 'AccessDenied' },
    })
    await expect(open(awsEnvironment(aws), { assumeRole: role })).rejects.toThrow('no external id was given')
  })

  test.each<[string | null]>([['e-1/2'], [null]])('hands the external id %j to STS', async (externalId) => {
    const asked: URLSearchParams[] = []
    const sts = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      asked.push(new URLSearchParams(body))
      response.writeHead(403).end()
    })
    await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`
    await expect(open(awsEnvironment({ url }), { assumeRole: role, externalId })).rejects.toThrow()
    sts.close()
    expect(asked[0]?.get('RoleArn')).toBe(role)
    expect(asked[0]?.get('ExternalId')).toBe(externalId)
  })

  test('is refused for want of a permission', async () => {
    const env = await enforcePolicy(aws, [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }])
    await expect(open(env, { assumeRole: role })).rejects.toMatchObject({
      code: 'DENIED_AWS_CREDENTIALS',
      message: expect.stringContaining(
        'as arn:aws:iam::123456789012:user/restricted (credentials: environment): User: arn:',
      ),
    })
  })

  test('but STS does not answer: that is no matter of credentials', async () => {
    aws.inject({ action: 'AssumeRole', kind: 'unavailable', times: 9 })
    const env = { ...awsEnvironment(aws), AWS_MAX_ATTEMPTS: '1' }
    await expect(open(env, { assumeRole: role })).rejects.toMatchObject({ code: 'UNAVAILABLE_AWS' })
  })

  test('tells of attempts that fail', async () => {
    const failed: FailedAttempt[] = []
    aws.inject({ action: 'AssumeRole', kind: 'unavailable' })
    opened.push(await openIn(awsEnvironment(aws), { assumeRole: role }, (attempt) => failed.push(attempt)))
    expect(failed).toEqual([
      { action: 'sts:AssumeRole', kind: 'server-error', error: 'ServiceUnavailable', attempt: 1 },
    ])
  })
})

describe('the region', () => {
  const nowhere = { AWS_REGION: undefined }
  test.each<[string, Record<string, string | undefined>, Partial<AccountAccess>]>([
    ['ap-south-1', {}, { region: 'ap-south-1' }],
    ['us-east-1', {}, {}],
    ['eu-north-1', { AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'eu-south-1' }, {}],
    ['eu-south-1', { ...nowhere, AWS_DEFAULT_REGION: 'eu-south-1' }, {}],
    ['us-east-1', nowhere, {}],
    ['us-east-1', nowhere, { assumeRole: role }],
    ['cn-north-1', nowhere, { assumeRole: 'arn:aws-cn:iam::222233334444:role/x' as RoleArn }],
    ['us-gov-west-1', nowhere, { assumeRole: 'arn:aws-us-gov:iam::222233334444:role/x' as RoleArn }],
    ['eusc-de-east-1', nowhere, { assumeRole: 'arn:aws-eusc:iam::222233334444:role/x' as RoleArn }],
  ])('is %s with %j and %j', async (region, environment, access) => {
    const { account } = await open({ ...awsEnvironment(aws), ...environment }, access)
    expect(account.region).toBe(region)
  })
})

describe('AWS_ENDPOINT_URL', () => {
  /** Whatever goes to the real AWS goes through this proxy, and is refused. */
  async function proxied(work: (proxy: Record<string, string>) => Promise<void>): Promise<readonly string[]> {
    const asked: string[] = []
    const proxy: Server = createServer()
    proxy.on('connect', ({ url = '' }, socket) => {
      asked.push(url)
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    await work({ HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })
    proxy.close()
    return asked
  }

  async function askAll({ account }: OpenAccount): Promise<void> {
    await account.getRole('x')
    await account.describeDatabase('instance', 'x')
    await account.describeInstanceProfiles(['i-0123456789abcdef0'])
    await account.getWorkgroupId('w')
  }

  test('is where everything goes: the role, the role of a profile, every service', async () => {
    const profiles = withProfiles(
      `[profile base]\n${keys('210987654321')}\n[profile prod]\nregion = us-east-1\nrole_arn = ${role}\nsource_profile = base\n`,
    )
    const asked = await proxied(async (proxy) => {
      const assumeRole = 'arn:aws:iam::333344445555:role/x' as RoleArn
      await askAll(await open({ ...profiles, ...proxy }, { profile: 'prod', assumeRole }))
    })
    expect(asked).toEqual([])
    expect(aws.unimplemented).toEqual([])
  })

  test('may be one for each service, that of STS for roles too', async () => {
    const { AWS_ENDPOINT_URL: url = '', ...environment } = awsEnvironment(aws)
    const services = ['STS', 'IAM', 'RDS', 'EC2', 'REDSHIFT_SERVERLESS']
    const endpoints = Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, url]))
    const asked = await proxied(async (proxy) => {
      await askAll(await open({ ...environment, ...endpoints, ...proxy }, { assumeRole: role }))
    })
    expect(asked).toEqual([])
  })

  test('that is not there: everything would go to AWS, as the proxy sees', async () => {
    const { AWS_ENDPOINT_URL: _, ...environment } = awsEnvironment(aws)
    const asked = await proxied(async (proxy) => {
      const attempt = open({ ...environment, ...proxy, AWS_MAX_ATTEMPTS: '1' }, { assumeRole: role })
      await expect(attempt).rejects.toThrow()
    })
    expect(asked).toContain('sts.us-east-1.amazonaws.com:443')
  })
})
