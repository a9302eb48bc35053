import { describe, expect, test } from '@jest/globals'
import { s3Policy } from '../../../../src/iam/policies/s3-policy.ts'
import { policyPlace } from '../../../support/policy-place.ts'

const ohio = policyPlace('aws', 'us-east-2')

describe('the policy for a bucket', () => {
  test('lets read one folder, and list it alone', () => {
    expect(s3Policy(ohio, { bucket: 'demo-projects', prefix: 'team-a', access: 'read' })).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Locate',
          Effect: 'Allow',
          Action: 's3:GetBucketLocation',
          Resource: 'arn:aws:s3:::demo-projects',
        },
        {
          Sid: 'List',
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: 'arn:aws:s3:::demo-projects',
          Condition: { StringLike: { 's3:prefix': ['team-a', 'team-a/*'] } },
        },
        { Sid: 'Objects', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::demo-projects/team-a/*' },
      ],
    })
  })

  test('lets write one folder, with what an upload in parts needs', () => {
    const china = policyPlace('aws-cn', 'cn-north-1')
    const { Statement } = s3Policy(china, { bucket: 'demo', prefix: 'team-a/in', access: 'read-write' })
    expect(Statement).toStrictEqual([
      { Sid: 'Locate', Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: 'arn:aws-cn:s3:::demo' },
      {
        Sid: 'List',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws-cn:s3:::demo',
        Condition: { StringLike: { 's3:prefix': ['team-a/in', 'team-a/in/*'] } },
      },
      {
        Sid: 'Objects',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        Resource: 'arn:aws-cn:s3:::demo/team-a/in/*',
      },
    ])
  })

  test('has no condition for a whole bucket', () => {
    const gov = policyPlace('aws-us-gov', 'us-gov-west-1')
    expect(s3Policy(gov, { bucket: 'demo', prefix: null, access: 'read-write' }).Statement).toStrictEqual([
      { Sid: 'Locate', Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: 'arn:aws-us-gov:s3:::demo' },
      { Sid: 'List', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws-us-gov:s3:::demo' },
      {
        Sid: 'Objects',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        Resource: 'arn:aws-us-gov:s3:::demo/*',
      },
    ])
  })

  test('lets read a whole bucket', () => {
    const { Statement } = s3Policy(ohio, { bucket: 'demo', prefix: null, access: 'read' })
    expect(Statement[2]).toStrictEqual({
      Sid: 'Objects',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::demo/*',
    })
  })

  test('takes a folder with a wildcard in its name literally, in both places', () => {
    const { Statement } = s3Policy(ohio, { bucket: 'demo', prefix: 'a*', access: 'read' })
    expect(Statement[1]?.Condition).toStrictEqual({ StringLike: { 's3:prefix': [`a\${*}`, `a\${*}/*`] } })
    expect(Statement[2]?.Resource).toBe(`arn:aws:s3:::demo/a\${*}/*`)
  })

  test.each(['', '/', '/a', 'a/', '/a/'])('is never made for %j, which is no folder', (prefix) => {
    expect(() => s3Policy(ohio, { bucket: 'demo', prefix, access: 'read' })).toThrow('not a folder')
  })

  test('may be for a folder whose name is one letter', () => {
    const { Statement } = s3Policy(ohio, { bucket: 'demo', prefix: 'a', access: 'read' })
    expect(Statement[2]?.Resource).toBe('arn:aws:s3:::demo/a/*')
  })
})
