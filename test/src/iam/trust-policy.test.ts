import { describe, expect, test } from '@jest/globals'
import type { AccountId } from '../../../src/iam/account-id.ts'
import { parseIssuer } from '../../../src/iam/issuer.ts'
import { federatedPrincipal, looksAlike, oidcProviderArn } from '../../../src/iam/oidc-provider.ts'
import type { Partition } from '../../../src/iam/partition.ts'
import { ec2TrustPolicy, nobodyTrustPolicy, webIdentityTrustPolicy } from '../../../src/iam/trust-policy.ts'

const account = '123456789012' as AccountId

/** The documents are written by hand, as IAM would be given them. */
const documents: readonly (readonly [string, string, readonly string[], string])[] = [
  [
    'aws',
    'https://login.microsoftonline.com/0a1b2c3d-0000-4000-8000-000000000000/v2.0',
    ['alice'],
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/login.microsoftonline.com/0a1b2c3d-0000-4000-8000-000000000000/v2.0"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"login.microsoftonline.com/0a1b2c3d-0000-4000-8000-000000000000/v2.0:aud":"workbench","login.microsoftonline.com/0a1b2c3d-0000-4000-8000-000000000000/v2.0:sub":"alice"}}}]}',
  ],
  [
    'aws',
    'https://sts.windows.net/tenant/',
    ['alice', 'bob'],
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/sts.windows.net/tenant/"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"sts.windows.net/tenant/:aud":"workbench","sts.windows.net/tenant/:sub":["alice","bob"]}}}]}',
  ],
  [
    'aws-cn',
    'https://x.auth0.com/',
    [],
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws-cn:iam::123456789012:oidc-provider/x.auth0.com/"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"x.auth0.com/:aud":"workbench"}}}]}',
  ],
  [
    'aws-us-gov',
    'https://Sso.Example.com',
    ['alice'],
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws-us-gov:iam::123456789012:oidc-provider/Sso.Example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"Sso.Example.com:aud":"workbench","Sso.Example.com:sub":"alice"}}}]}',
  ],
  [
    'aws',
    'https://accounts.google.com',
    ['1234567890'],
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"accounts.google.com:aud":"workbench","accounts.google.com:sub":"1234567890"}}}]}',
  ],
]

describe('the trust policy of a web identity', () => {
  test.each(documents)('in %s for %s and %j is this text', (partition, url, subjects, document) => {
    const issuer = parseIssuer(url)
    const providerArn = federatedPrincipal(partition as Partition, account, issuer)
    const policy = webIdentityTrustPolicy({ providerArn, issuer, clientIds: ['workbench'], subjects })
    expect(JSON.stringify(policy)).toBe(document)
  })

  test('lists the client ids where there are several', () => {
    const issuer = parseIssuer('https://x.auth0.com/')
    const providerArn = 'arn:aws:iam::123456789012:oidc-provider/x.auth0.com/'
    const clientIds = ['workbench', 'connect']
    expect(webIdentityTrustPolicy({ providerArn, issuer, clientIds, subjects: ['alice', 'bob'] })).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/x.auth0.com/' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { 'x.auth0.com/:aud': ['workbench', 'connect'], 'x.auth0.com/:sub': ['alice', 'bob'] },
          },
        },
      ],
    })
  })

  test('is never made without a client id', () => {
    const issuer = parseIssuer('https://x.auth0.com/')
    expect(() => webIdentityTrustPolicy({ providerArn: 'arn', issuer, clientIds: [], subjects: [] })).toThrow(
      'at least one value',
    )
  })
})

describe('the trust policy of a role', () => {
  test('for nobody denies the provider, with no condition that could fail', () => {
    expect(nobodyTrustPolicy('arn:aws-cn:iam::123456789012:oidc-provider/sso.example.com')).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: { Federated: 'arn:aws-cn:iam::123456789012:oidc-provider/sso.example.com' },
          Action: 'sts:AssumeRoleWithWebIdentity',
        },
      ],
    })
  })

  test('for instances names the service of EC2', () => {
    expect(ec2TrustPolicy()).toStrictEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    })
  })
})

describe('provider ARNs', () => {
  const arn = oidcProviderArn('aws' as Partition, account, parseIssuer('https://sso.example.com/a'))

  test.each([
    ['arn:aws:iam::123456789012:oidc-provider/sso.example.com/a/', true],
    ['arn:aws:iam::123456789012:oidc-provider/SSO.example.com/A', true],
    ['arn:aws:iam::123456789012:oidc-provider/sso.example.com/a', false],
    ['arn:aws:iam::123456789012:oidc-provider/sso.example.com/b', false],
    ['arn:aws:iam::123456789012:oidc-provider/sso.example.com', false],
  ])('%s is easily mistaken: %s', (other, isAlike) => {
    expect(looksAlike(other, arn)).toBe(isAlike)
  })
})
