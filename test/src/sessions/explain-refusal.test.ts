import { describe, expect, test } from '@jest/globals'
import { fromEpochSeconds, type Instant, toEpochSeconds } from '../../../src/clock.ts'
import type { AdminError } from '../../../src/errors.ts'
import { explainRefusal } from '../../../src/sessions/refusal/explain-refusal.ts'
import type { RoleTrust, StsRefusal, WebIdentityRequest } from '../../../src/sessions/web-identity.ts'

const ISSUER = 'https://sso.example.com'
const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/sso.example.com'
const NOW = '2026-03-01T12:00:00Z' as Instant
const MINUTE = 60

const claims = {
  iss: ISSUER,
  aud: 'workbench',
  sub: 'alice-1',
  iat: toEpochSeconds(NOW) - 1800,
  exp: toEpochSeconds(NOW) + 1800,
}

function tokenOf(payload: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256', kid: 'key-1' })}.${part(payload)}.c2lnbmF0dXJl`
}

const trustPolicy = (sub: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: PROVIDER },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'sso.example.com:aud': 'workbench', 'sso.example.com:sub': sub } },
      },
    ],
  })

const held: RoleTrust = { trustPolicy: trustPolicy('alice-1'), clientIds: ['workbench'], providerArns: [PROVIDER] }

interface Case {
  readonly refusal: Partial<StsRefusal>
  readonly trust?: Partial<RoleTrust> | AdminError
  readonly claims?: object
  readonly roleArn?: string
}

async function explained({ refusal, trust = {}, claims: more = {}, roleArn }: Case): Promise<AdminError> {
  const request = {
    roleArn: roleArn ?? 'arn:aws:iam::123456789012:role/analyst',
    roleSessionName: 'alice',
    token: tokenOf({ ...claims, ...more }),
  } as WebIdentityRequest
  const refused = {
    awsError: 'AccessDenied',
    awsMessage: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    stsTime: NOW,
    region: 'us-east-1',
    host: 'sts.us-east-1.amazonaws.com',
    attempts: 1,
    ...refusal,
  }
  const readTrust = async () => {
    if (trust instanceof Error) throw trust
    return { ...held, ...trust }
  }
  const error = await explainRefusal(refused, request, { username: 'alice', now: NOW, readTrust })
  expect(JSON.stringify([error.message, error.suggestions, error.details])).not.toContain('c2lnbmF0dXJl')
  return error
}

describe('what STS has against a session', () => {
  test('names the token by what it says, in words and in details', async () => {
    const error = await explained({ refusal: {} })
    expect(error.message).toContain(
      `the token: iss "${ISSUER}", aud "workbench", azp none, sub "alice-1", exp "2026-03-01T12:30:00Z", kid "key-1"`,
    )
    expect(error.details).toMatchObject({
      awsError: 'AccessDenied',
      token: { iss: ISSUER, aud: ['workbench'], azp: null, sub: 'alice-1', kid: 'key-1' },
      provider: { arn: PROVIDER, clientIds: ['workbench'] },
    })
  })

  const expired = {
    awsError: 'ExpiredToken',
    awsMessage: 'Token expired: current date/time 1772370000 must be before the expiration date/time 1772366400',
  }
  const provider = `No OpenIDConnect provider found in your account for ${ISSUER}`

  const cases: readonly [string, Case, string, string, string][] = [
    [
      'a token that has ended',
      { refusal: expired, claims: { exp: claims.iat + MINUTE } },
      'TOKEN_EXPIRED',
      'the ID token has ended at 2026-03-01T11:31:00Z',
      'admin sso refresh alice',
    ],
    [
      'a clock that is 20 minutes slow',
      { refusal: { ...expired, stsTime: at(20) } },
      'TOKEN_EXPIRED',
      'the clock of this host is 20 minutes slow',
      'timedatectl',
    ],
    [
      'a clock that is 20 minutes fast',
      { refusal: { ...expired, awsMessage: 'Token issued in the future', stsTime: at(-20) } },
      'TOKEN_EXPIRED',
      'the clock of this host is 20 minutes fast',
      'timedatectl',
    ],
    [
      'a provider that differs by a slash',
      {
        refusal: { awsError: 'InvalidIdentityToken', awsMessage: provider },
        trust: { providerArns: [`${PROVIDER}/`] },
      },
      'NOT_FOUND_PROVIDER',
      `there is ${PROVIDER}/: they differ only by a trailing slash`,
      `admin provision oidc-provider --issuer ${ISSUER} --client-id workbench --account 123456789012`,
    ],
    [
      'an account without any',
      { refusal: { awsError: 'InvalidIdentityToken', awsMessage: provider }, trust: { providerArns: [] } },
      'NOT_FOUND_PROVIDER',
      'the account has none at all',
      '--account 123456789012',
    ],
    [
      'the STS of another partition',
      {
        refusal: { awsError: 'InvalidIdentityToken', awsMessage: provider },
        roleArn: 'arn:aws-cn:iam::123456789012:role/analyst',
      },
      'INVALID_REGION',
      'sts.us-east-1.amazonaws.com is of aws, the role arn:aws-cn:iam::123456789012:role/analyst is in aws-cn',
      'env',
    ],
    [
      'a client that the provider does not know',
      {
        refusal: { awsError: 'InvalidIdentityToken', awsMessage: 'Incorrect token audience' },
        trust: { clientIds: ['rstudio'] },
        claims: { azp: 'device-client' },
      },
      'DENIED_WEB_IDENTITY',
      `${PROVIDER} wants "rstudio", got "device-client" (azp, which goes before aud)`,
      '--client-id device-client',
    ],
    [
      'a role that is not there',
      { refusal: {}, trust: { trustPolicy: null } },
      'NOT_FOUND_ROLE',
      'there is no role arn:aws:iam::123456789012:role/analyst',
      'aws iam get-role --role-name analyst',
    ],
    [
      'a subject in another case',
      { refusal: {}, trust: { trustPolicy: encodeURIComponent(trustPolicy('alice-I')) } },
      'DENIED_WEB_IDENTITY',
      'wants "alice-I", got "alice-1": does not hold, from character 7 on: wanted "I", got "1"',
      'aws iam get-role',
    ],
    [
      'a longer subject',
      { refusal: {}, trust: { trustPolicy: trustPolicy('alice-12') } },
      'DENIED_WEB_IDENTITY',
      'from character 8 on: wanted "2", got the end',
      'aws iam get-role',
    ],
    [
      'nothing at all',
      { refusal: {} },
      'DENIED_WEB_IDENTITY',
      'all of it holds: a change of the last minute',
      'get-role',
    ],
    [
      'session tags',
      { refusal: {}, claims: { 'https://aws.amazon.com/tags': {} } },
      'DENIED_WEB_IDENTITY',
      'must allow sts:TagSession',
      'get-role',
    ],
    [
      'keys that AWS cannot fetch',
      {
        refusal: {
          awsError: 'InvalidIdentityToken',
          awsMessage: "Couldn't retrieve verification key from your identity provider",
          attempts: 3,
        },
      },
      'UNAVAILABLE_ISSUER',
      'asked 3 times',
      'admin sso check',
    ],
    [
      'a login that the identity provider has ended',
      { refusal: { awsError: 'IDPRejectedClaim', awsMessage: 'The identity provider returned an error' } },
      'DENIED_WEB_IDENTITY',
      'log in again',
      'admin sso login --username alice',
    ],
  ]

  test.each(cases)('is explained: %s', async (_, given, code, words, next) => {
    const error = await explained(given)
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
    expect(error.suggestions.join('\n')).toContain(next)
  })

  test('is explained by our own rules where AWS may not be read, which is said', async () => {
    const { AdminError: OurError } = await import('../../../src/errors.ts')
    const trust = new OurError('DENIED_AWS', 'AWS denied iam:GetRole on role analyst')
    const { message, details } = await explained({ refusal: {}, trust })
    expect(message).toContain('the role could not be looked at: AWS denied iam:GetRole')
    expect(message).toContain(`Principal Federated "${PROVIDER}"`)
    expect(message).toContain(
      'StringEquals sso.example.com:sub, where people are listed, wants their subject, got "alice-1"',
    )
    expect(details.unread).toContain('iam:GetRole')
  })

  test('does not repeat a token that AWS repeats', async () => {
    const awsMessage = `Value '${tokenOf(claims)}' at 'webIdentityToken' failed to satisfy constraint`
    const { code, message } = await explained({ refusal: { awsError: 'ValidationError', awsMessage } })
    expect(code).toBe('DENIED_WEB_IDENTITY')
    expect(message).toContain('[token]')
  })
})

function at(minutes: number): Instant {
  return fromEpochSeconds(toEpochSeconds(NOW) + minutes * MINUTE)
}
