import { describe, expect, test } from '@jest/globals'
import { rdsConnectPolicy } from '../../../../src/iam/policies/rds-connect-policy.ts'
import { policyPlace } from '../../../support/policy-place.ts'

/** The documents are written by hand, as IAM would be given them. */
const documents: readonly (readonly [string, string, string, readonly string[], string])[] = [
  [
    'aws',
    'us-east-2',
    'cluster-ABCDEFGHIJKL01234',
    ['analyst'],
    '{"Version":"2012-10-17","Statement":[{"Sid":"Connect","Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:us-east-2:123456789012:dbuser:cluster-ABCDEFGHIJKL01234/analyst"}]}',
  ],
  [
    'aws-cn',
    'cn-north-1',
    'db-ABCDEFGHIJKL01234',
    ['analyst', 'writer'],
    '{"Version":"2012-10-17","Statement":[{"Sid":"Connect","Effect":"Allow","Action":"rds-db:connect","Resource":["arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/analyst","arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/writer"]}]}',
  ],
  [
    'aws-us-gov',
    'us-gov-west-1',
    'prx-0123abcdefghijklm',
    ['Jane.Doe@corp.example'],
    '{"Version":"2012-10-17","Statement":[{"Sid":"Connect","Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:prx-0123abcdefghijklm/Jane.Doe@corp.example"}]}',
  ],
]

describe('the policy for logging in to a database', () => {
  test.each(documents)('in %s, %s, for %s and %j is this text', (partition, region, resourceId, users, document) => {
    expect(JSON.stringify(rdsConnectPolicy(policyPlace(partition, region), { resourceId, users }))).toBe(document)
  })

  test.each([
    ['*', `\${*}`],
    ['a?b', `a\${?}b`],
    [`\${aws:username}`, `\${$}{aws:username}`],
    ['cash$*', `cash\${$}\${*}`],
  ])('takes the user %s literally: %s', (user, spelled) => {
    const { Statement } = rdsConnectPolicy(policyPlace('aws', 'us-east-2'), { resourceId: 'db-ABC', users: [user] })
    expect(Statement[0]?.Resource).toBe(`arn:aws:rds-db:us-east-2:123456789012:dbuser:db-ABC/${spelled}`)
  })

  test.each(['demo-cluster-db', 'cluster-', 'cluster-demo-1', 'cluster-*', '*', 'arn:aws:rds:us-east-2:1:db:x', ''])(
    'is never made from %j, which is no resource id',
    (resourceId) => {
      const place = policyPlace('aws', 'us-east-2')
      expect(() => rdsConnectPolicy(place, { resourceId, users: ['analyst'] })).toThrow('not the resource id')
    },
  )

  test('is never made for nobody', () => {
    const place = policyPlace('aws', 'us-east-2')
    expect(() => rdsConnectPolicy(place, { resourceId: 'db-ABC', users: [] })).toThrow('at least one value')
  })
})
