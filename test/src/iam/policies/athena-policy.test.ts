import { describe, expect, test } from '@jest/globals'
import { athenaPolicy } from '../../../../src/iam/policies/athena-policy.ts'
import { policyPlace } from '../../../support/policy-place.ts'

const queries = {
  workgroup: 'primary',
  catalog: 'AwsDataCatalog',
  databases: ['sales'],
  sources: [],
  results: { bucket: 'demo-results', prefix: null },
}

describe('the policy for Athena', () => {
  test('names the workgroup, the catalog, the tables and the place of the results', () => {
    expect(athenaPolicy(policyPlace('aws', 'us-east-2'), queries)).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Query',
          Effect: 'Allow',
          Action: [
            'athena:StartQueryExecution',
            'athena:GetQueryExecution',
            'athena:GetQueryResults',
            'athena:GetQueryResultsStream',
            'athena:StopQueryExecution',
            'athena:BatchGetQueryExecution',
            'athena:ListQueryExecutions',
            'athena:GetWorkGroup',
          ],
          Resource: 'arn:aws:athena:us-east-2:123456789012:workgroup/primary',
        },
        {
          Sid: 'Catalog',
          Effect: 'Allow',
          Action: [
            'athena:GetDataCatalog',
            'athena:ListDatabases',
            'athena:GetDatabase',
            'athena:ListTableMetadata',
            'athena:GetTableMetadata',
          ],
          Resource: 'arn:aws:athena:us-east-2:123456789012:datacatalog/AwsDataCatalog',
        },
        {
          Sid: 'NoResourceLevel',
          Effect: 'Allow',
          Action: ['athena:ListWorkGroups', 'athena:ListDataCatalogs'],
          Resource: '*',
        },
        {
          Sid: 'Glue',
          Effect: 'Allow',
          Action: [
            'glue:GetDatabase',
            'glue:GetDatabases',
            'glue:GetTable',
            'glue:GetTables',
            'glue:GetPartition',
            'glue:GetPartitions',
            'glue:BatchGetPartition',
          ],
          Resource: [
            'arn:aws:glue:us-east-2:123456789012:catalog',
            'arn:aws:glue:us-east-2:123456789012:database/sales',
            'arn:aws:glue:us-east-2:123456789012:table/sales/*',
          ],
        },
        {
          Sid: 'GlueDefault',
          Effect: 'Allow',
          Action: 'glue:GetDatabase',
          Resource: [
            'arn:aws:glue:us-east-2:123456789012:catalog',
            'arn:aws:glue:us-east-2:123456789012:database/default',
          ],
        },
        {
          Sid: 'LocateResults',
          Effect: 'Allow',
          Action: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
          Resource: 'arn:aws:s3:::demo-results',
        },
        { Sid: 'ListResults', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::demo-results' },
        {
          Sid: 'Results',
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
          Resource: 'arn:aws:s3:::demo-results/*',
        },
      ],
    })
  })

  test('reads the data of each source, and writes nothing there', () => {
    const { Statement } = athenaPolicy(policyPlace('aws-cn', 'cn-north-1'), {
      ...queries,
      sources: [
        { bucket: 'lake', prefix: 'sales' },
        { bucket: 'lake', prefix: 'returns/2026' },
        { bucket: 'open', prefix: null },
      ],
      results: { bucket: 'demo-results', prefix: 'athena' },
    })
    expect(Statement.slice(5)).toStrictEqual([
      {
        Sid: 'LocateData',
        Effect: 'Allow',
        Action: 's3:GetBucketLocation',
        Resource: ['arn:aws-cn:s3:::lake', 'arn:aws-cn:s3:::open'],
      },
      {
        Sid: 'ListData1',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws-cn:s3:::lake',
        Condition: { StringLike: { 's3:prefix': ['sales', 'sales/*'] } },
      },
      {
        Sid: 'ListData2',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws-cn:s3:::lake',
        Condition: { StringLike: { 's3:prefix': ['returns/2026', 'returns/2026/*'] } },
      },
      { Sid: 'ListData3', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws-cn:s3:::open' },
      {
        Sid: 'Data',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: ['arn:aws-cn:s3:::lake/sales/*', 'arn:aws-cn:s3:::lake/returns/2026/*', 'arn:aws-cn:s3:::open/*'],
      },
      {
        Sid: 'LocateResults',
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
        Resource: 'arn:aws-cn:s3:::demo-results',
      },
      {
        Sid: 'ListResults',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws-cn:s3:::demo-results',
        Condition: { StringLike: { 's3:prefix': ['athena', 'athena/*'] } },
      },
      {
        Sid: 'Results',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        Resource: 'arn:aws-cn:s3:::demo-results/athena/*',
      },
    ])
  })

  test('keeps to the region and the partition for each database', () => {
    const place = policyPlace('aws-us-gov', 'us-gov-west-1')
    const { Statement } = athenaPolicy(place, { ...queries, databases: ['sales', 'hr'] })
    expect(Statement[3]?.Resource).toStrictEqual([
      'arn:aws-us-gov:glue:us-gov-west-1:123456789012:catalog',
      'arn:aws-us-gov:glue:us-gov-west-1:123456789012:database/sales',
      'arn:aws-us-gov:glue:us-gov-west-1:123456789012:table/sales/*',
      'arn:aws-us-gov:glue:us-gov-west-1:123456789012:database/hr',
      'arn:aws-us-gov:glue:us-gov-west-1:123456789012:table/hr/*',
    ])
  })
})
