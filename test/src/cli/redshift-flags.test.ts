import { describe, expect, test } from '@jest/globals'
import { parseRedshiftLogin } from '../../../src/cli/redshift-flags.ts'

type Flags = Parameters<typeof parseRedshiftLogin>[0]

const nothing: Flags = { 'db-name': 'dev', 'auto-create': false }
const cluster: Flags = { ...nothing, cluster: 'demo-cluster' }
const analyst: Flags = { ...cluster, 'db-user': 'analyst' }
const workgroup: Flags = { ...nothing, workgroup: 'demo-workgroup' }
const domain: Flags = { ...nothing, 'custom-domain': 'DWH.example.com' }

describe('a login goes', () => {
  test.each<[string, Flags, object]>([
    ['to a cluster as a user', analyst, { method: 'get-cluster-credentials', user: 'analyst', endpoint: null }],
    ['to a cluster by identity', cluster, { method: 'get-cluster-credentials-with-iam', user: null }],
    ['to a workgroup', workgroup, { method: 'get-credentials', target: { kind: 'workgroup', name: 'demo-workgroup' } }],
    [
      'to a custom domain as a user',
      { ...domain, 'db-user': 'analyst' },
      { method: 'get-cluster-credentials', endpoint: { host: 'dwh.example.com', port: 5439 } },
    ],
    [
      'to a custom domain of a workgroup',
      { ...domain, method: 'get-credentials', port: 5432 },
      { method: 'get-credentials', endpoint: { host: 'dwh.example.com', port: 5432 } },
    ],
    [
      'to a custom domain of a cluster by identity',
      { ...domain, method: 'get-cluster-credentials-with-iam' },
      { method: 'get-cluster-credentials-with-iam' },
    ],
    [
      'through a tunnel',
      { ...analyst, host: 'localhost', port: 15_439 },
      { endpoint: { host: 'localhost', port: 15_439 } },
    ],
    ['for an hour', { ...analyst, duration: '1h' }, { duration: 3600 }],
    ['for 900 seconds', { ...analyst, duration: '15m' }, { duration: 900 }],
    ['with each group once', { ...analyst, group: ['b', 'a', 'b'] }, { groups: ['a', 'b'] }],
  ])('%s', (_, flags, expected) => {
    expect(parseRedshiftLogin(flags).login).toMatchObject(expected)
  })
})

describe('a login is refused', () => {
  test.each<[string, Flags, string]>([
    ['for two hours', { ...analyst, duration: '2h' }, '7200 seconds are too many'],
    ['for the 7200 of a well-known page', { ...analyst, duration: '7200' }, 'Redshift gives 900 to 3600'],
    ['for five minutes', { ...analyst, duration: '5m' }, '300 seconds are too few'],
    ['for a number without a unit', { ...analyst, duration: '1800' }, 'say it with its unit, as 30m'],
    ['for a while', { ...analyst, duration: 'soon' }, 'expected 15m to 60m'],
    ['in upper case', { ...cluster, 'db-user': 'Analyst' }, 'in lower case only, as "analyst"'],
    ['as PUBLIC', { ...cluster, 'db-user': 'public' }, 'PUBLIC is reserved'],
    ['with a prefix of IAM', { ...cluster, 'db-user': 'IAM:analyst' }, 'beginning with a letter'],
    ['as anybody', { ...cluster, 'db-user': 'an*' }, 'wildcard'],
    ['as nobody', { ...cluster, 'db-user': '' }, 'beginning with a letter'],
    ['with a group in upper case', { ...analyst, group: ['Readers'] }, 'lower case only'],
    ['to a cluster in upper case', { ...nothing, cluster: 'Demo' }, 'lower case only'],
    ['to nothing', nothing, 'name what to log in to: --cluster, or --workgroup'],
    ['to two things', { ...cluster, workgroup: 'abc' }, '--cluster and --workgroup name different things'],
    ['as a user of Serverless', { ...workgroup, 'db-user': 'a' }, '--db-user cannot be had here'],
    ['with groups of nobody', { ...cluster, group: ['a'], 'auto-create': true }, '--auto-create and --group cannot'],
    ['to a workgroup by another operation', { ...workgroup, method: 'get-cluster-credentials' }, '--db-user'],
    ['to a cluster by that of Serverless', { ...analyst, method: 'get-credentials' }, 'logs in to Redshift Serverless'],
    [
      'without the user of the operation',
      { ...cluster, method: 'get-cluster-credentials' },
      'give --cluster and --db-user',
    ],
    ['with a user by identity', { ...analyst, method: 'get-cluster-credentials-with-iam' }, 'and no --db-user'],
    ['to a custom domain of nobody knows what', domain, 'of a cluster or of a workgroup'],
    [
      'to the endpoint of a cluster',
      { ...nothing, cluster: 'demo.abcdefghijkl.us-east-2.redshift.amazonaws.com:5439/dev' },
      'did you mean the cluster "demo", in region us-east-2?',
    ],
    [
      'to the ARN of a cluster',
      { ...nothing, cluster: 'arn:aws:redshift:us-east-2:123456789012:cluster:demo' },
      'did you mean the cluster "demo", in region us-east-2?',
    ],
    [
      'to the endpoint of a workgroup',
      { ...nothing, workgroup: 'demo.123456789012.us-east-2.redshift-serverless.amazonaws.com' },
      'did you mean the workgroup "demo", in region us-east-2?',
    ],
    ['with a port alone', { ...analyst, port: 5439 }, '--port goes with --host'],
    ['to a URL', { ...analyst, host: 'https://dwh.example.com' }, 'write the host alone'],
    ['to a host with its port', { ...analyst, host: 'dwh.example.com:5439' }, 'with --port'],
    ['to a host with a semicolon', { ...analyst, host: 'a;PWD=b' }, 'expected a name as'],
    ['in no region', { ...analyst, region: 'Ohio' }, 'not an AWS region'],
  ])('%s', (_, flags, words) => {
    expect(() => parseRedshiftLogin(flags)).toThrow(words)
  })
})
