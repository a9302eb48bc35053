import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from '@jest/globals'
import { startAdmin } from '../../support/admin.ts'
import { analyst, engineer } from '../../support/arns.ts'
import { person, type SessionHost, sessionLab } from '../../support/session-host.ts'

const CALLERS = 50
const ACTION = 'AssumeRoleWithWebIdentity'
const lab = sessionLab()

function ask(host: SessionHost, token: string, ...argv: readonly string[]) {
  return host.runJson(['session', 'credentials', person, '--id-token-file', host.tokenFile(token), ...argv])
}

async function answering<T>(status: number, type: string, body: string, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': type, location: '/login' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await work(`http://127.0.0.1:${port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function calls(): number {
  return lab.aws.actions.filter((action) => action === ACTION).length
}

describe('session credentials', () => {
  test('prints what credential_process takes, from one unsigned call in the name of the person', async () => {
    const host = lab.host()
    const token = await host.logIn([analyst], { aws_role_session_name: 'A.Person' })
    const run = await host.run(['session', 'credentials', person, '--id-token-file', host.tokenFile(token)])
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(JSON.parse(run.stdout)).toEqual({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    const [request] = lab.aws.requests
    expect(lab.aws.actions).toEqual([ACTION])
    expect(Object.fromEntries(request?.parameters ?? [])).toMatchObject({
      RoleArn: analyst,
      RoleSessionName: 'A.Person',
      WebIdentityToken: token,
    })
    // What is signed names its region in the signature.
    expect(request?.region).toBe('')
  })

  test('keeps them: the next one asks nobody, and another role is another matter', async () => {
    const host = lab.host()
    const token = await host.logIn([analyst, engineer])
    const first = await ask(host, token, '--role', analyst)
    expect((await ask(host, token, '--role', analyst)).stdout).toBe(first.stdout)
    expect(calls()).toBe(1)
    await ask(host, token, '--role', engineer)
    expect(calls()).toBe(2)
  })

  test(`makes one call for ${CALLERS} that ask at once`, async () => {
    const host = lab.host()
    const file = host.tokenFile(await host.logIn())
    const argv = ['session', 'credentials', person, '--id-token-file', file]
    const answers = await Promise.all(Array.from({ length: CALLERS }, () => output(host, argv)))
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1)
    expect(answers.filter(({ exitCode }) => exitCode !== 0)).toEqual([])
    expect(calls()).toBe(1)
  }, 60_000)

  test('gives out nothing that is kept where the role is not assigned any more', async () => {
    const host = lab.host()
    const token = await host.logIn()
    await ask(host, token)
    await host.run(['set-aws-role-arns', person, engineer, '--force'])
    expect(await ask(host, token, '--role', analyst)).toMatchObject({
      exitCode: 3,
      json: { error: { code: 'REFUSED_NOT_ASSIGNED' } },
    })
    expect(kept(host)).toEqual([])
    expect(calls()).toBe(1)
  })

  test('tries again where AWS could not get at the keys, and not without end', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const message =
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements"
    const kind = { status: 400, code: 'InvalidIdentityToken', message }
    lab.aws.inject({ action: ACTION, kind, times: 2 })
    expect((await ask(host, token)).exitCode).toBe(0)
    expect(calls()).toBe(3)
    await host.run(['session', 'end', person])
    lab.aws.inject({ action: ACTION, kind, times: 9 })
    const { json, exitCode } = await ask(host, token)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_ISSUER' })
    expect(json.error.suggestions).toEqual(['admin sso check'])
    expect(calls()).toBe(6)
  })

  test.each([
    [
      'IDPCommunicationError',
      'Error communicating with the identity provider',
      '7 UNAVAILABLE_ISSUER',
      'admin sso check',
    ],
    [
      'ExpiredTokenException',
      'Token expired: current date/time 1700000000 must be before the expiration date/time 1600000000',
      '9 TOKEN_EXPIRED',
      `admin sso refresh ${person}`,
    ],
    ['InvalidIdentityToken', 'Incorrect token audience', '6 DENIED_WEB_IDENTITY', '--client-id workbench'],
    [
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for http://127.0.0.1',
      '4 NOT_FOUND_PROVIDER',
      '--issuer http://127.0.0.1',
    ],
    [
      'InvalidIdentityToken',
      "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
      '6 DENIED_WEB_IDENTITY',
      'get-open-id-connect-provider',
    ],
    ['IDPRejectedClaim', 'The token was revoked', '6 DENIED_WEB_IDENTITY', 'admin sso login'],
    [
      'AccessDenied',
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      '4 NOT_FOUND_ROLE',
      'aws iam get-role --role-name analyst',
    ],
    ['RegionDisabled', 'STS is not activated in this region', '6 DENIED_WEB_IDENTITY', ''],
    ['InvalidIdentityToken', 'The ID Token provided is not a valid JWT', '6 DENIED_WEB_IDENTITY', 'admin sso check'],
    ['ValidationError', '1 validation error detected', '6 DENIED_WEB_IDENTITY', ''],
    ['PackedPolicyTooLarge', 'Packed size of session tags consumes 101%', '6 DENIED_WEB_IDENTITY', ''],
    ['Throttling', 'Rate exceeded', '7 UNAVAILABLE_AWS', ''],
  ])('explains %s: %s', async (code, message, expected, next) => {
    const host = lab.host()
    const token = await host.logIn()
    lab.aws.inject({ action: ACTION, kind: { status: 400, code, message }, times: 9 })
    const { json, exitCode, stderr, stdout } = await ask(host, token)
    expect(`${exitCode} ${json.error.code}`).toBe(expected)
    expect(json.error.suggestions.join('\n')).toContain(next)
    expect(stdout + stderr).not.toContain(token)
    expect(kept(host)).toEqual([])
  })

  test.each([
    [403, 'text/html', '<html><body><h1>Forbidden</h1></body></html>'],
    [302, 'text/html', '<html><a href="/login">'],
    [200, 'text/plain', 'garbage'],
  ])('says of an answer with %i in %s that it is none of AWS', async (status, type, body) => {
    const host = lab.host()
    const token = await host.logIn()
    const { json, exitCode } = await answering(status, type, body, (url) =>
      host.runJson(['session', 'credentials', person, '--id-token-file', host.tokenFile(token)], {
        env: { AWS_ENDPOINT_URL_STS: url },
      }),
    )
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_AWS' })
    expect(json.error.message).toContain(`is not AWS (HTTP ${status}, ${type}): is a proxy between?`)
    expect(kept(host)).toEqual([])
  })

  test('refuses what by the clock of this host has ended already', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const credentials =
      '<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2020-01-01T00:00:00Z</Expiration>'
    const name = 'AssumeRoleWithWebIdentity'
    const body = `<${name}Response><${name}Result><Credentials>${credentials}</Credentials></${name}Result></${name}Response>`
    const { json, exitCode } = await answering(200, 'text/xml', body, (url) =>
      host.runJson(['session', 'credentials', person, '--id-token-file', host.tokenFile(token)], {
        env: { AWS_ENDPOINT_URL_STS: url },
      }),
    )
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 7, code: 'UNAVAILABLE_AWS' })
    expect(json.error.message).toContain('ended at 2020-01-01T00:00:00Z, and by the clock of this host it is 20')
    expect(kept(host)).toEqual([])
  })

  test('gives what one endpoint gave out to nobody who asks another', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const argv = ['session', 'credentials', person, '--id-token-file', host.tokenFile(token)]
    expect((await host.run(argv)).exitCode).toBe(0)
    const closed = await host.runJson(argv, {
      env: { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' },
    })
    expect(closed).toMatchObject({ exitCode: 7, json: { error: { code: 'UNAVAILABLE_AWS' } } })
  })

  test('reads a file that was named also where it has what it needs', async () => {
    const host = lab.host()
    await ask(host, await host.logIn())
    const missing = await host.runJson(['session', 'credentials', person, '--id-token-file', '/does/not/exist'])
    expect(missing).toMatchObject({ exitCode: 4, json: { error: { code: 'NOT_FOUND_FILE' } } })
  })

  test('shows the conditions of the live trust policy beside what the token brings', async () => {
    const host = lab.host()
    const token = await host.logIn()
    const id = lab.provider.issuer
    const provider = `arn:aws:iam::123456789012:oidc-provider/${id}`
    const role = { RoleName: 'analyst', AssumeRolePolicyDocument: trust(provider, id) }
    await lab.reader.iam.send(new CreateRoleCommand(role))
    lab.aws.inject({ action: ACTION, kind: { status: 403, code: 'AccessDenied', message: 'Not authorized' }, times: 9 })
    const { json, exitCode } = await ask(host, token)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_WEB_IDENTITY' })
    expect(json.error.message).toContain(
      `StringEquals ${id}:sub wants "Subject-of-alice", got "subject-of-alice": does not hold, from character 1 on: wanted "S", got "s"`,
    )
    expect(json.error.message).toContain(`StringEquals ${id}:aud wants "workbench", got "workbench": holds`)
    expect(json.error.details.stsTime).toMatch(/^\d{4}-.*Z$/)
    expect(json.error.details.token).toMatchObject({ iss: id, aud: ['workbench'], sub: 'subject-of-alice' })
  })

  test('asks the STS of the partition of the role, and refuses a partition whose regions nobody knows', async () => {
    const host = lab.host()
    const token = await host.logIn(['arn:aws-moon:iam::123456789012:role/lander'])
    expect(await ask(host, token)).toMatchObject({ exitCode: 2, json: { error: { code: 'INVALID_REGION' } } })
    expect(calls()).toBe(0)
  })
})

function trust(federated: string, id: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: federated },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${id}:aud`]: 'workbench', [`${id}:sub`]: 'Subject-of-alice' } },
      },
    ],
  })
}

function kept(host: SessionHost): readonly string[] {
  return readdirSync(join(host.cache, 'credentials')).filter((name) => name.endsWith('.json'))
}

async function output(host: SessionHost, argv: readonly string[]) {
  const child = startAdmin(argv, { env: host.env })
  let stdout = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stdin?.end()
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { stdout, exitCode }
}
