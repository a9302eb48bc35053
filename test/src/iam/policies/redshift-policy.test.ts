import { describe, expect, test } from '@jest/globals'
import { redshiftPolicy } from '../../../../src/iam/policies/redshift-policy.ts'
import { redshiftServerlessPolicy } from '../../../../src/iam/policies/redshift-serverless-policy.ts'
import { policyPlace } from '../../../support/policy-place.ts'

const login = { cluster: 'demo', users: ['analyst'], databases: ['demo_db'], groups: [], autoCreate: false }

describe('the policy for a Redshift cluster', () => {
  test('names the user, the database and the cluster, no more', () => {
    expect(redshiftPolicy(policyPlace('aws', 'us-east-2'), login)).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Credentials',
          Effect: 'Allow',
          Action: 'redshift:GetClusterCredentials',
          Resource: [
            'arn:aws:redshift:us-east-2:123456789012:dbuser:demo/analyst',
            'arn:aws:redshift:us-east-2:123456789012:dbname:demo/demo_db',
          ],
        },
        {
          Sid: 'FindCluster',
          Effect: 'Allow',
          Action: 'redshift:DescribeClusters',
          Resource: 'arn:aws:redshift:us-east-2:123456789012:cluster:demo',
        },
      ],
    })
  })

  test('lets join the groups that are named', () => {
    const policy = redshiftPolicy(policyPlace('aws-cn', 'cn-north-1'), { ...login, groups: ['readers', 'writers'] })
    expect(policy.Statement).toStrictEqual([
      {
        Sid: 'Credentials',
        Effect: 'Allow',
        Action: 'redshift:GetClusterCredentials',
        Resource: [
          'arn:aws-cn:redshift:cn-north-1:123456789012:dbuser:demo/analyst',
          'arn:aws-cn:redshift:cn-north-1:123456789012:dbname:demo/demo_db',
        ],
      },
      {
        Sid: 'JoinGroups',
        Effect: 'Allow',
        Action: 'redshift:JoinGroup',
        Resource: [
          'arn:aws-cn:redshift:cn-north-1:123456789012:dbgroup:demo/readers',
          'arn:aws-cn:redshift:cn-north-1:123456789012:dbgroup:demo/writers',
        ],
      },
      {
        Sid: 'FindCluster',
        Effect: 'Allow',
        Action: 'redshift:DescribeClusters',
        Resource: 'arn:aws-cn:redshift:cn-north-1:123456789012:cluster:demo',
      },
    ])
  })

  test('lets make the users that are named, and no others', () => {
    const place = policyPlace('aws-us-gov', 'us-gov-west-1')
    const policy = redshiftPolicy(place, { ...login, users: ['analyst', 'writer'], databases: [], autoCreate: true })
    const users = [
      'arn:aws-us-gov:redshift:us-gov-west-1:123456789012:dbuser:demo/analyst',
      'arn:aws-us-gov:redshift:us-gov-west-1:123456789012:dbuser:demo/writer',
    ]
    expect(policy.Statement).toStrictEqual([
      { Sid: 'Credentials', Effect: 'Allow', Action: 'redshift:GetClusterCredentials', Resource: users },
      { Sid: 'CreateUsers', Effect: 'Allow', Action: 'redshift:CreateClusterUser', Resource: users },
      {
        Sid: 'FindCluster',
        Effect: 'Allow',
        Action: 'redshift:DescribeClusters',
        Resource: 'arn:aws-us-gov:redshift:us-gov-west-1:123456789012:cluster:demo',
      },
    ])
  })
})

describe('the policy for a Redshift Serverless workgroup', () => {
  test('names the workgroup by its id', () => {
    const workgroupId = '0a1b2c3d-0000-4000-8000-000000000000'
    expect(redshiftServerlessPolicy(policyPlace('aws', 'eu-west-1'), { workgroupId })).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Credentials',
          Effect: 'Allow',
          Action: 'redshift-serverless:GetCredentials',
          Resource: 'arn:aws:redshift-serverless:eu-west-1:123456789012:workgroup/0a1b2c3d-0000-4000-8000-000000000000',
        },
        {
          Sid: 'FindWorkgroup',
          Effect: 'Allow',
          Action: 'redshift-serverless:GetWorkgroup',
          Resource: 'arn:aws:redshift-serverless:eu-west-1:123456789012:workgroup/0a1b2c3d-0000-4000-8000-000000000000',
        },
      ],
    })
  })

  test.each(['analytics', '', '*'])('is never made from %j, which is no id', (workgroupId) => {
    const place = policyPlace('aws', 'eu-west-1')
    expect(() => redshiftServerlessPolicy(place, { workgroupId })).toThrow('not the id of a workgroup')
  })
})
