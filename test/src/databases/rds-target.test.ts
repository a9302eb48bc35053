import { Resolver } from 'node:dns/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findRdsTarget, type TargetRequest, targetAsNamed } from '../../../src/databases/rds-target.ts'
import { parseDatabaseReference } from '../../../src/iam/database-reference.ts'
import { type DnsServer, startDns } from '../../support/dns-server.ts'

const cluster = 'demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com'
const custom = 'demo.cluster-custom-abcdefghijkl.us-east-2.rds.amazonaws.com'
const instance = 'demo-1.abcdefghijkl.us-east-2.rds.amazonaws.com'

const resolver = new Resolver({ timeout: 500, tries: 1 })
const findCname = async (host: string) => (await resolver.resolveCname(host))[0] ?? null

let dns: DnsServer | undefined

beforeAll(async () => {
  dns = await startDns({
    'db.example.com': 'Primary.DB.example.com',
    'primary.db.example.com': cluster,
    'round.example.com': 'about.example.com',
    'about.example.com': 'round.example.com',
    'web.example.com': 'host-7.example.com',
    [custom]: instance,
  })
  resolver.setServers([dns.address])
})

afterAll(() => dns?.stop())

function find(asked: Partial<TargetRequest> & { readonly hostname: string }) {
  const usual = { port: 5432, signHost: null, isCnameResolved: false, region: null, ambientRegion: null }
  return findRdsTarget({ ...usual, ...asked }, findCname)
}

describe('a token is signed', () => {
  test('for the endpoint itself and its region, whatever the environment says', async () => {
    const ambientRegion = { name: 'AWS_REGION', region: 'eu-west-1' }
    expect(await find({ hostname: cluster, ambientRegion })).toEqual({
      ...{ hostname: cluster, port: 5432, signHost: cluster, signPort: 5432, region: 'us-east-2', isAlias: false },
      warnings: ['AWS_REGION is "eu-west-1", but the endpoint is in us-east-2: signed for us-east-2'],
    })
    const named = await find({ hostname: cluster, ambientRegion, region: 'eu-west-3' })
    expect(named.warnings).toEqual(['--region is "eu-west-3", but the endpoint is in us-east-2: signed for us-east-2'])
    expect((await find({ hostname: cluster, region: 'us-east-2', ambientRegion })).warnings).toEqual([])
    const odd = await find({ hostname: cluster, ambientRegion: { name: 'AWS_REGION', region: 'bad' } })
    expect(odd.warnings).toEqual(['AWS_REGION is "bad", but the endpoint is in us-east-2: signed for us-east-2'])
  })

  test('for what an alias leads to, over several names, and says which', async () => {
    const target = await find({ hostname: 'db.example.com', isCnameResolved: true })
    expect(target).toMatchObject({ hostname: 'db.example.com', signHost: cluster, isAlias: true, region: 'us-east-2' })
    expect(target.warnings).toEqual([`"db.example.com" leads to primary.db.example.com, ${cluster}: signed for that`])
  })

  test('for the instance that a custom endpoint leads to, where that was asked', async () => {
    expect(await find({ hostname: custom, isCnameResolved: true })).toMatchObject({ signHost: instance })
  })

  test('for the end of a tunnel, with its own port', async () => {
    const target = await find({ hostname: 'localhost', port: 15_432, signHost: { host: cluster, port: 5432 } })
    expect(target).toMatchObject({ hostname: 'localhost', port: 15_432, signHost: cluster, signPort: 5432 })
    const same = await find({ hostname: '10.0.0.5', signHost: { host: cluster, port: 5432 } })
    expect(same).toMatchObject({ hostname: '10.0.0.5', signHost: cluster, signPort: 5432 })
  })

  test('for an endpoint of a form that is not known, where the region is named', async () => {
    const signHost = { host: 'demo.of-tomorrow.example', port: 5432 }
    expect(await find({ hostname: 'localhost', signHost, region: 'us-east-2' })).toMatchObject({
      signHost: 'demo.of-tomorrow.example',
      region: 'us-east-2',
    })
    await expect(find({ hostname: 'localhost', signHost })).rejects.toThrow('is not an endpoint of RDS')
  })
})

describe('nothing is signed for', () => {
  const tunnel = '--sign-host ENDPOINT[:PORT]'
  test.each([
    ['10.0.0.5', 'it is an IP address', tunnel],
    ['fd00::5', 'it is an IP address', tunnel],
    ['localhost', 'it is this host', tunnel],
    ['db.localhost', 'it is this host', tunnel],
    [custom, 'custom endpoints of Aurora take no IAM authentication', 'the endpoint of the cluster'],
    ['db.example.com', 'it is not an endpoint of RDS', '--resolve-cname'],
    ['demo', 'it is not an endpoint of RDS', '--resolve-cname'],
    [
      'demo.abcdefghijkl.us-east-2.redshift.amazonaws.com',
      'an endpoint of Redshift, not of RDS',
      'redshift credentials',
    ],
    ['d.123456789012.us-east-2.redshift-serverless.amazonaws.com', 'an endpoint of Redshift', '--workgroup d'],
    ['demo.abcdefghijkl.us-east-2.rds.amazonaws.com.evil.example', 'it is not an endpoint of RDS', '--resolve-cname'],
  ])('%s: %s', async (hostname, reason, fix) => {
    const refusal = { code: 'INVALID_DATABASE_REFERENCE', message: expect.stringContaining(reason) }
    await expect(find({ hostname })).rejects.toMatchObject(refusal)
    const { message, suggestions } = await find({ hostname }).catch((error) => error)
    expect([message, ...suggestions].join('\n')).toContain(fix)
  })

  test.each([
    ['demo.abcdefghijkl.us-east-1.rds.amazonaws.com.cn', 'endpoints in us-east-1 end in .amazonaws.com'],
    ['demo.abcdefghijkl.cn-north-1.rds.amazonaws.com', 'endpoints in cn-north-1 end in .amazonaws.com.cn'],
    ['demo.abcdefghijkl.rds.cn-north-1.amazonaws.com', 'endpoints in cn-north-1 end in .amazonaws.com.cn'],
    ['demo.abcdefghijkl.us-gov-west-1.rds.amazonaws.eu', 'endpoints in us-gov-west-1 end in .amazonaws.com'],
    ['demo.abcdefghijkl.eu-wst-1.rds.amazonaws.com', '"eu-wst-1" is not an AWS region: did you mean eu-west-1?'],
  ])('%s, wherever it is named: %s', async (host, reason) => {
    const refusal = { code: 'INVALID_DATABASE_REFERENCE', message: expect.stringContaining(reason) }
    await expect(find({ hostname: host, region: 'us-east-2' })).rejects.toMatchObject(refusal)
    const signHost = { host, port: 5432 }
    await expect(find({ hostname: 'localhost', signHost, region: 'us-east-2' })).rejects.toMatchObject(refusal)
    const ambientRegion = { name: 'AWS_REGION', region: 'us-east-2' }
    expect(() => targetAsNamed({ hostname: host, port: 5432, ambientRegion })).toThrow(reason)
    expect(() => parseDatabaseReference(host)).toThrow(reason)
  })

  test.each([
    ['10.0.0.5', 'it is an IP address'],
    ['localhost', 'it is this host'],
    [
      'plain.example.com',
      'it has no CNAME record, so it is not seen to lead to an endpoint of RDS\nan alias record of',
    ],
    ['nobody.example.com', 'DNS does not know that name\nlook at how it is written'],
    ['web.example.com', 'it leads to host-7.example.com, and to no endpoint of RDS'],
    ['round.example.com', 'it leads to about.example.com, round.example.com'],
  ])('%s with --resolve-cname: %s', async (hostname, reason) => {
    const refusal = { code: 'INVALID_DATABASE_REFERENCE', message: expect.stringContaining(reason) }
    await expect(find({ hostname, isCnameResolved: true })).rejects.toMatchObject(refusal)
  })

  test.each(['localhost', '10.0.0.5', custom, 'db.example.com'])('--sign-host %s', async (host) => {
    const asked = { hostname: 'localhost', signHost: { host, port: 5432 } }
    await expect(find(asked)).rejects.toMatchObject({ code: 'INVALID_DATABASE_REFERENCE' })
  })
})

test('a DNS server that fails is worth another try, exit 7', async () => {
  const asked = { hostname: 'failing.example.com', isCnameResolved: true }
  await expect(find(asked)).rejects.toMatchObject({ code: 'UNAVAILABLE_DNS', exitCode: 7 })
})

test('a store is signed for as it is named, in the region of its endpoint, else in that of the environment', () => {
  const ambientRegion = { name: 'AWS_REGION', region: 'eu-west-1' }
  const region = (hostname: string) => targetAsNamed({ hostname, port: 5432, ambientRegion }).region
  expect([region(cluster), region('db.example.com')]).toEqual(['us-east-2', 'eu-west-1'])
  const odd = { name: 'AWS_REGION', region: 'bad' }
  const misnamed = () => targetAsNamed({ hostname: 'db.example.com', port: 5432, ambientRegion: odd })
  expect(misnamed).toThrow(expect.objectContaining({ code: 'INVALID_REGION' }))
  const nowhere = () => targetAsNamed({ hostname: 'db.example.com', port: 5432, ambientRegion: null })
  expect(nowhere).toThrow(expect.objectContaining({ code: 'INVALID_REGION' }))
})
