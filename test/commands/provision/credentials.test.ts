import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator, awsEnvironment, noOtherAws } from '../../support/aws-emulator.ts'

let aws: AwsEmulator

beforeAll(async () => {
  aws = await AwsEmulator.start()
})
const servers: Server[] = []
afterAll(() => aws.stop())
afterAll(() => servers.forEach((server) => void server.close()))

const home = temporaryDirectory()
const command = [
  'provision',
  'oidc-provider',
  '--issuer',
  'https://sso.example.com',
  '--client-id',
  'workbench',
  '--dry-run',
]

/** A home directory with that configuration. */
function configured(text: string): string {
  const own = mkdtempSync(join(home, 'home-'))
  mkdirSync(join(own, '.aws'))
  writeFileSync(join(own, '.aws', 'config'), text)
  return own
}

const webIdentity = (file: string) => ({
  ...nothing(),
  AWS_REGION: 'us-east-1',
  AWS_WEB_IDENTITY_TOKEN_FILE: file,
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/x',
})

/** No credentials anywhere, and nowhere to ask. */
const nothing = () => ({ AWS_ENDPOINT_URL: aws.url, AWS_EC2_METADATA_DISABLED: 'true', HOME: home })

describe('credentials', () => {
  test('that are nowhere: says where it looked, exit 6', async () => {
    const { json, exitCode } = await adminJson(command, { env: nothing() })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
    expect(json.error.message).toContain('there are no AWS credentials')
    expect(json.error.message).toContain(join(home, '.aws', 'credentials'))
    expect(json.error.suggestions).toEqual([
      'AWS_PROFILE=NAME admin provision oidc-provider --issuer https://sso.example.com --client-id workbench --dry-run --json',
      'aws sso login',
      'aws configure',
    ])
  })

  test('that sudo dropped: says so, and how to hand them over', async () => {
    const { json, exitCode } = await adminJson(command, { env: { ...nothing(), SUDO_USER: 'bob' } })
    expect(exitCode).toBe(6)
    expect(json.error.message).toContain(`works in ${home}; the files of "bob" in /home/bob/.aws were not read`)
    const typed =
      'admin provision oidc-provider --issuer https://sso.example.com --client-id workbench --dry-run --json'
    expect(json.error.suggestions).toEqual([
      expect.stringMatching(/^sudo --preserve-env=AWS_ACCESS_KEY_ID,\S*AWS_PROFILE,\S+ admin provision /),
      `sudo AWS_SHARED_CREDENTIALS_FILE=/home/bob/.aws/credentials AWS_CONFIG_FILE=/home/bob/.aws/config ${typed}`,
    ])
  })

  test('of a profile that no file has: names it and the files', async () => {
    const { stderr, exitCode } = await admin(command, { env: { ...nothing(), AWS_PROFILE: 'prdo' } })
    expect(exitCode).toBe(6)
    expect(stderr).toContain('AWS_PROFILE names the profile "prdo", and no file has it')
    expect(stderr).toContain(join(home, '.aws', 'config'))
  })

  test('of a profile are found, with its region', async () => {
    const own = join(home, 'profile')
    mkdirSync(join(own, '.aws'), { recursive: true })
    writeFileSync(
      join(own, '.aws', 'credentials'),
      '[prod]\naws_access_key_id = AKIA210987654321TEST\naws_secret_access_key = secret\n',
    )
    writeFileSync(join(own, '.aws', 'config'), '[profile prod]\nregion = us-gov-west-1\n')
    const env = { ...nothing(), HOME: own, AWS_PROFILE: 'prod' }
    const { json } = await adminJson(command, { env })
    expect(json.accounts).toMatchObject([{ accountId: '210987654321', partition: 'aws-us-gov' }])
  })

  test('never show: not in the output, not in an error', async () => {
    const env = { ...awsEnvironment(aws), AWS_SECRET_ACCESS_KEY: 'hunter2hunter2' }
    for (const argv of [command, [...command, '--json'], [...command, '--account', '000000000000']]) {
      const { stdout, stderr } = await admin(argv, { env })
      expect(stdout + stderr).not.toContain('hunter2')
    }
  })

  test('are enough in the environment, and stderr has nothing but who acts', async () => {
    const env = { ...awsEnvironment(aws), AWS_PROFILE: undefined }
    const { stderr } = await admin(command, { env })
    expect(stderr).toBe(
      'Acting as arn:aws:sts::123456789012:user/moto in account 123456789012 (credentials: environment)\n',
    )
  })

  test.each([
    ['proc', 'credential_process = /bin/false', 'its credential_process failed, or printed no credentials'],
    [
      'nosource',
      'role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = gone',
      'its source_profile is "gone", and',
    ],
    ['empty', 'region = us-east-1', 'looked in '],
  ])('of the profile %s, which gives none, name it and the reason', async (name, body, reason) => {
    const env = { ...nothing(), HOME: configured(`[profile ${name}]\n${body}\n`), AWS_PROFILE: name }
    const { json, exitCode } = await adminJson(command, { env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
    expect(json.error.message).toContain(`the profile "${name}" gives no credentials`)
    expect(json.error.message).toContain(reason)
    expect(json.error.suggestions).toEqual([`aws sts get-caller-identity --profile ${name}`])
  })

  test('of a profile that wants a login say which', async () => {
    const sso = 'sso_session = s\nsso_account_id = 123456789012\nsso_role_name = r'
    const session = '[sso-session s]\nsso_start_url = https://sso.example.com/start\nsso_region = us-east-1'
    const env = { ...nothing(), HOME: configured(`[profile sso]\n${sso}\n${session}\n`), AWS_PROFILE: 'sso' }
    const { json, exitCode } = await adminJson(command, { env })
    expect({ exitCode, suggestions: json.error.suggestions }).toEqual({
      exitCode: 6,
      suggestions: ['aws sso login --profile sso'],
    })
  })

  test('whose token file is missing name the file, exit 6', async () => {
    const { json, exitCode } = await adminJson(command, { env: webIdentity('/nonexistent/t') })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
    expect(json.error.message).toContain('AWS_WEB_IDENTITY_TOKEN_FILE names "/nonexistent/t"')
  })

  test('whose token AWS does not take are refused credentials, exit 6', async () => {
    const token = join(home, 'token')
    writeFileSync(token, 'a.b.c')
    const kind = { status: 400, code: 'InvalidIdentityToken', message: 'Incorrect token audience' }
    aws.inject({ action: 'AssumeRoleWithWebIdentity', kind, times: 99 })
    const { json, exitCode } = await adminJson(command, { env: webIdentity(token) })
    aws.inject()
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS_CREDENTIALS' })
    expect(json.error.message).toContain('Incorrect token audience')
  })

  test('say where they come from: a profile, its process, web identity, a container', async () => {
    const keys = 'aws_access_key_id = AKIA210987654321TEST\naws_secret_access_key = secret'
    const answer = { AccessKeyId: 'AKIA210987654321TEST', SecretAccessKey: 'secret', Token: 't' }
    const expiry = { Expiration: new Date(Date.now() + 3_600_000).toISOString() }
    const process = `credential_process = echo '${JSON.stringify({ Version: 1, ...answer })}'`
    const token = join(home, 'token')
    writeFileSync(token, 'a.b.c')
    const container = await listen(
      createServer((_, response) => response.end(JSON.stringify({ ...answer, ...expiry }))),
    )
    servers.push(container)
    const cases = [
      ['profile default', { ...nothing(), HOME: configured(`[default]\n${keys}\n`) }],
      ['profile p', { ...nothing(), HOME: configured(`[profile p]\n${process}\n`), AWS_PROFILE: 'p' }],
      ['web identity', webIdentity(token)],
      ['container', { ...nothing(), AWS_CONTAINER_CREDENTIALS_FULL_URI: urlOf(container) }],
    ] as const
    for (const [source, env] of cases) {
      const { stderr } = await admin(command, { env })
      expect(stderr).toContain(` (credentials: ${source})\n`)
    }
  })
})

describe('an AWS that does not answer', () => {
  test('is exit 7, safe to run again', async () => {
    const env = { ...awsEnvironment({ url: 'http://127.0.0.1:9' }), AWS_MAX_ATTEMPTS: '1' }
    const { json, exitCode } = await adminJson(command, { env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_AWS' })
    expect(json.error.message).toContain('it is safe to run the command again')
  })

  test('but something else does, as a proxy would, is exit 7 too', async () => {
    const server = await listen(createServer((_, response) => response.writeHead(502).end('<html>Bad gateway</html>')))
    const env = { ...awsEnvironment({ url: urlOf(server) }), AWS_MAX_ATTEMPTS: '1' }
    const { json, exitCode } = await adminJson(command, { env })
    server.close()
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_AWS' })
  })
})

describe('AWS_ENDPOINT_URL', () => {
  test('that is no URL is named, exit 2', async () => {
    const { json, exitCode } = await adminJson(command, { env: awsEnvironment({ url: 'localhost:5000' }) })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_CONFIG' })
    expect(json.error.message).toContain('AWS_ENDPOINT_URL is "localhost:5000", expected')
  })

  test.each(['AWS_ENDPOINT_URL_IAM', 'AWS_ENDPOINT_URL_STS'])('of a service (%s) too', async (name) => {
    const { json, exitCode } = await adminJson(command, { env: { ...awsEnvironment(aws), [name]: 'nonsense' } })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 2, code: 'INVALID_CONFIG' })
    expect(json.error.message).toContain(`${name} is "nonsense", expected`)
  })
})

describe('HTTPS_PROXY', () => {
  test('is the way to AWS', async () => {
    const asked: string[] = []
    const proxy = await listen(createServer())
    proxy.on('connect', ({ url = '' }, socket) => {
      asked.push(url)
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
    const { AWS_ENDPOINT_URL: _, ...env } = awsEnvironment(aws)
    const proxied = { ...env, ...noOtherAws, HTTPS_PROXY: urlOf(proxy), AWS_MAX_ATTEMPTS: '1' }
    const { exitCode, json } = await adminJson(command, { env: proxied })
    proxy.close()
    expect(asked).toEqual(['sts.us-east-1.amazonaws.com:443'])
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_AWS' })
  })
})

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
