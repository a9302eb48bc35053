import { describe, expect, test } from '@jest/globals'
import { parseAthenaWorkgroup, parseDataCatalog, parseGlueDatabase } from '../../../src/iam/athena-names.ts'
import { parseDatabaseUser } from '../../../src/iam/database-user.ts'
import { parseExternalId } from '../../../src/iam/external-id.ts'
import { parseInstanceId } from '../../../src/iam/instance-id.ts'
import { parsePolicyName } from '../../../src/iam/policy-name.ts'
import { parsePolicyReference } from '../../../src/iam/policy-reference.ts'
import { parseProfileName } from '../../../src/iam/profile-name.ts'
import {
  parseRedshiftCluster,
  parseRedshiftDatabase,
  parseRedshiftGroup,
  parseRedshiftUser,
  parseRedshiftWorkgroup,
} from '../../../src/iam/redshift-names.ts'
import { parseRegion, partitionOfRegion } from '../../../src/iam/region.ts'
import { parseBucket, parsePrefix, parseS3Location } from '../../../src/iam/s3-location.ts'
import { parseTagKey, parseTagValue } from '../../../src/iam/tag.ts'
import { parseThumbprint } from '../../../src/iam/thumbprint.ts'

type Parser = (text: string) => unknown

const kept: readonly (readonly [Parser, readonly string[]])[] = [
  [
    parseRegion,
    [
      'us-east-2',
      'ap-southeast-1',
      'us-gov-west-1',
      'eusc-de-east-1',
      'us-isob-east-1',
      'mx-central-1',
      'xx-northwest-12',
    ],
  ],
  [parseProfileName, ['prod', 'data prod', 'a.b/c']],
  [parseExternalId, ['ab', 'a+=,.@:/-_Z9', 'x'.repeat(1224)]],
  [parseThumbprint, ['0123456789abcdef0123456789abcdef01234567']],
  [parseTagKey, ['team', 'Kostenstelle für Ä', 'a:b/c=d+e-f@g', 'x'.repeat(128)]],
  [parseTagValue, ['', 'data', 'x'.repeat(256)]],
  [parsePolicyName, ['files', 'a+=,.@-_', 'x'.repeat(128)]],
  [parseInstanceId, ['i-0123456789abcdef0', 'i-01234567']],
  [parseBucket, ['abc', 'a.b-c', '1-2', 'x'.repeat(63)]],
  [parsePrefix, ['a', 'a/b', 'with space/é']],
  [parseRedshiftCluster, ['a', 'demo-cluster-1']],
  [parseRedshiftWorkgroup, ['abc', 'demo-wg-1']],
  [parseRedshiftUser, ['analyst', 'A_b+c.d@e-f']],
  [parseRedshiftDatabase, ['dev', 'Sales_2']],
  [parseRedshiftGroup, ['readers']],
  [parseAthenaWorkgroup, ['primary', 'A.b_c-d']],
  [parseDataCatalog, ['AwsDataCatalog', 'a@b']],
  [parseGlueDatabase, ['sales', 'sales_2-x.y']],
  [parseDatabaseUser, ['analyst', 'jane.doe@example', 'a$b+c-d']],
]

const refused: readonly (readonly [Parser, string, string])[] = [
  [parseRegion, 'us-east', 'expected a name as us-east-2'],
  [parseRegion, 'US-EAST-2', 'expected a name as us-east-2'],
  [parseRegion, 'eu-wst-1', 'did you mean eu-west-1?'],
  [parseRegion, 'us-gov-esat-1', 'did you mean us-gov-east-1?'],
  [parseRegion, 'ap-middle-1', 'expected a name as us-east-2'],
  [parseRegion, 'us-east-2b', 'an availability zone of us-east-2'],
  [parseProfileName, '', 'it is empty'],
  [parseProfileName, ' a', 'begins or ends with white space'],
  [parseProfileName, 'a]', 'brackets'],
  [parseExternalId, 'a', 'it has 1 characters'],
  [parseExternalId, 'x'.repeat(1225), 'it has 1225 characters'],
  [parseThumbprint, 'ab', 'expected 40 hexadecimal digits'],
  [parseThumbprint, 'a'.repeat(64), 'that is a SHA-256'],
  [parseTagKey, '', 'it is empty'],
  [parseTagKey, 'AWS:x', 'belong to AWS'],
  [parseTagKey, 'x'.repeat(129), 'it has 129 characters'],
  [parseTagValue, 'x'.repeat(257), 'it has 257 characters'],
  [parseTagValue, 'a\tb', 'expected letters, digits, spaces'],
  [parsePolicyName, '', 'it is empty'],
  [parsePolicyName, 'x'.repeat(129), 'it has 129 characters'],
  [parseInstanceId, 'i-0123456789ABCDEF0', 'expected i- and 17 hexadecimal digits'],
  [parseBucket, 'ab', 'it has 2 characters'],
  [parseBucket, 'a/b', 'it contains a slash'],
  [parseBucket, 'a..b', 'two dots in a row'],
  [parseBucket, '192.168.0.1', 'an IP address'],
  [parseBucket, '-ab', 'beginning and ending with a letter or digit'],
  [parsePrefix, '', 'it is empty'],
  [parsePrefix, '/', 'it is empty'],
  [parsePrefix, 'a//b', 'an empty part'],
  [parsePrefix, 'a?', 'it has a wildcard'],
  [parsePrefix, 'a\u2013b', 'Latin-1'],
  [parsePrefix, 'x'.repeat(1025), 'it has 1025 characters'],
  [parseS3Location, 'https://s3.amazonaws.com/x', 'expected s3://BUCKET[/PREFIX]'],
  [parseS3Location, 's3://', 'it is empty'],
  [parseS3Location, 's3://abc//x', 'an empty part'],
  [parseRedshiftCluster, 'a--b', 'single hyphens'],
  [parseRedshiftCluster, 'x'.repeat(64), 'it has 64 characters'],
  [parseRedshiftWorkgroup, 'ab', '3 to 64'],
  [parseRedshiftUser, 'IAM:x', 'beginning with a letter'],
  [parseRedshiftUser, 'x'.repeat(65), 'it has 65 characters'],
  [parseRedshiftDatabase, '1db', 'beginning with a letter'],
  [parseDataCatalog, 'x'.repeat(128), '1 to 127'],
  [parseDatabaseUser, '', 'it is empty'],
  [parseDatabaseUser, 'x'.repeat(64), 'it has 64 characters'],
  [parseDatabaseUser, 'a/b', 'expected letters, digits'],
  [parsePolicyReference, 'job-function/a/b', 'or a full ARN'],
  [parsePolicyReference, '', 'it is empty'],
]

describe('a value that AWS takes', () => {
  test.each(kept.flatMap(([parse, texts]) => texts.map((text) => ({ parse, name: parse.name, text }))))(
    'passes $name as it is: $text',
    ({ parse, text }) => expect(parse(text)).toBe(text),
  )
})

describe('a value that AWS does not take', () => {
  test.each(refused.map(([parse, text, reason]) => ({ parse, name: parse.name, text, reason })))(
    'is refused by $name: $reason',
    ({ parse, text, reason }) =>
      expect(() => parse(text)).toThrow(
        expect.objectContaining({ name: 'AdminError', message: expect.stringContaining(reason) }),
      ),
  )
})

test('a thumbprint becomes lower case', () => {
  expect(parseThumbprint('AB'.repeat(20))).toBe('ab'.repeat(20))
})

test('an S3 place is a bucket and what stands before the objects', () => {
  expect(parseS3Location('s3://abc')).toEqual({ bucket: 'abc', prefix: null })
  expect(parseS3Location('s3://abc/')).toEqual({ bucket: 'abc', prefix: null })
  expect(parseS3Location('s3://abc/a/b/')).toEqual({ bucket: 'abc', prefix: 'a/b' })
})

test('a policy is called by its ARN, or one of AWS by its name', () => {
  const arn = 'arn:aws:iam::123456789012:policy/team/files'
  expect(parsePolicyReference(arn)).toEqual({ arn })
  expect(parsePolicyReference('job-function/DataScientist')).toEqual({ awsPolicy: 'job-function/DataScientist' })
})

test.each([
  ['us-east-2', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['us-iso-west-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
])('the region %s is in the partition %s', (region, partition) => {
  expect(partitionOfRegion(parseRegion(region))).toBe(partition)
})
