import { describe, expect, test } from '@jest/globals'
import { parseDatabaseIdentifier, parseDatabaseReference } from '../../../src/iam/database-reference.ts'

describe('a database', () => {
  test.each([
    ['demo', 'demo'],
    ['demo-cluster-db', 'demo-cluster-db'],
    ['Demo-1', 'demo-1'],
    ['db-1', 'db-1'],
    [`a${'b'.repeat(62)}`, `a${'b'.repeat(62)}`],
  ])('may be called by the identifier %s', (text, identifier) => {
    expect(parseDatabaseReference(text)).toEqual({ by: 'identifier', identifier })
    expect(parseDatabaseIdentifier(text)).toBe(identifier)
  })

  test.each([
    ['demo.abc123def456.us-east-2.rds.amazonaws.com', 'demo', 'instance', 'us-east-2'],
    ['Demo.ABC123def456.us-east-2.RDS.amazonaws.com', 'demo', 'instance', 'us-east-2'],
    ['demo.cluster-abc123.eu-central-1.rds.amazonaws.com', 'demo', 'cluster', 'eu-central-1'],
    ['demo.cluster-ro-abc123.us-gov-west-1.rds.amazonaws.com', 'demo', 'cluster', 'us-gov-west-1'],
    ['my-proxy.proxy-abc123.us-east-2.rds.amazonaws.com', 'my-proxy', 'proxy', 'us-east-2'],
    ['demo.abc123.cn-north-1.rds.amazonaws.com.cn', 'demo', 'instance', 'cn-north-1'],
    ['demo.cluster-abc123.rds.cn-northwest-1.amazonaws.com.cn', 'demo', 'cluster', 'cn-northwest-1'],
    ['demo.abc123.eusc-de-east-1.rds.amazonaws.eu', 'demo', 'instance', 'eusc-de-east-1'],
    ['demo.abc123.us-iso-east-1.rds.c2s.ic.gov', 'demo', 'instance', 'us-iso-east-1'],
  ])('may be called by the endpoint %s', (text, identifier, kind, region) => {
    expect(parseDatabaseReference(text)).toEqual({
      by: 'endpoint',
      host: text.toLowerCase(),
      identifier,
      kind,
      region,
    })
  })

  test.each([
    ['arn:aws:rds:us-east-2:123456789012:cluster:demo', 'cluster', 'demo', 'us-east-2', 'aws'],
    ['arn:aws-cn:rds:cn-north-1:123456789012:db:Demo', 'instance', 'demo', 'cn-north-1', 'aws-cn'],
    [
      'arn:aws-us-gov:rds:us-gov-east-1:123456789012:db-proxy:prx-0123456789abcdef0',
      'proxy',
      'prx-0123456789abcdef0',
      'us-gov-east-1',
      'aws-us-gov',
    ],
  ])('may be called by the ARN %s', (arn, kind, identifier, region, partition) => {
    expect(parseDatabaseReference(arn)).toEqual({
      by: 'arn',
      arn,
      kind,
      identifier,
      region,
      accountId: '123456789012',
      partition,
    })
  })

  test.each([
    ['', 'it is empty'],
    ['1demo', 'beginning with a letter'],
    ['demo--x', 'single hyphens'],
    ['demo-', 'not ending with a hyphen'],
    ['de_mo', 'letters, digits'],
    ['demo\n', 'letters, digits'],
    [`a${'b'.repeat(63)}`, 'it has 64 characters, RDS allows 63'],
    ['cluster-ABCDEFGHIJKL0123456789MNOP', 'it is a resource id'],
    ['db-ABCDEFGHIJKL0123456789MNOP', 'it is a resource id'],
    ['prx-0123456789abcdef0', 'it is a resource id'],
    ['localhost', 'it is this host'],
    ['localhost:5432', 'expected an identifier, an endpoint or an ARN'],
    ['127.0.0.1', 'it is an IP address'],
    ['::1', 'expected an identifier'],
    ['db.example.com', 'the name belongs to another domain'],
    ['demo.abc.us-east-2.rds.amazonaws.com:5432', 'write the host without its port'],
    ['demo.cluster-custom-abc.us-east-2.rds.amazonaws.com', 'custom endpoints of Aurora'],
    ['demo.shardgrp-abc.us-east-2.rds.amazonaws.com', 'it is a shard group'],
    ['ro.endpoint.proxy-abc.us-east-2.rds.amazonaws.com', 'an additional endpoint of a proxy'],
    ['demo.us-east-2.rds.amazonaws.com', 'expected NAME.….REGION.rds.amazonaws.com'],
    ['demo.abc.us-east-2.rds.amazonaws.com.evil.example', 'expected NAME.….REGION.rds.amazonaws.com'],
    ['demo.abc.us-east-2.rds.amazonaws.com.', 'expected NAME.….REGION.rds.amazonaws.com'],
    ['arn:aws:rds:us-east-2:123456789012', 'expected arn:PARTITION:rds:'],
    ['arn:aws:rds-db:us-east-2:123456789012:dbuser:cluster-ABC/jane', 'that is what a policy names'],
    ['arn:aws:redshift:us-east-2:123456789012:cluster:demo', 'an ARN of the service "redshift"'],
    ['arn:gcp:rds:us-east-2:123456789012:db:demo', 'its partition is "gcp"'],
    ['arn:aws:rds:us-east-2:12345678901:db:demo', 'it has 11 digits, expected 12'],
    ['arn:aws:rds:us-east-2:123456789012:snapshot:demo', 'it names a "snapshot", expected cluster, db or db-proxy'],
    ['arn:aws:rds:us-east-2:123456789012:db:de*', 'it ends in "de*", expected an identifier'],
    ['arn:aws:rds:us-east-2:123456789012:db-proxy:demo', 'it ends in "demo", expected prx-…'],
  ])('is not %j', (text, reason) => {
    expect(() => parseDatabaseReference(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_DATABASE_REFERENCE', message: expect.stringContaining(reason) }),
    )
  })

  test('has an identifier that is neither endpoint nor ARN', () => {
    for (const text of ['demo.abc.us-east-2.rds.amazonaws.com', 'arn:aws:rds:us-east-2:123456789012:db:demo'])
      expect(() => parseDatabaseIdentifier(text)).toThrow(`"${text}" is not the identifier of a database`)
  })
})
