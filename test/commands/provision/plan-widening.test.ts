import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from '@jest/globals'
import { seedPolicy } from '../../support/aws-seeds.ts'
import { providerArn, provisionBench, roleFor } from '../../support/provision-bench.ts'

const bench = provisionBench()
const role = 'arn:aws:iam::123456789012:role/analyst'
const analyst = (more: object = {}) => bench.spec({ analyst: { ...roleFor('alice'), ...more } })
const warnings = async (spec: string) =>
  (await bench.run(['provision', 'plan', spec])).stderr
    .split('\nWarning: ')
    .slice(1)
    .map((text) => text.trimEnd())
const apply = (spec: string) => bench.runJson(['provision', 'apply', spec, '--yes'])

/** The role as it is, with this trust policy in place of its own. */
async function setTrust(...Statement: readonly object[]): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await bench.reader.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'analyst', PolicyDocument }))
}

const federated = { Effect: 'Allow', Principal: { Federated: providerArn }, Action: 'sts:AssumeRoleWithWebIdentity' }
const isAlice = { 'sso.example.com:aud': 'workbench', 'sso.example.com:sub': 'alice' }
const wider = 'the role "analyst" lets in more people than before:'
const users = '\n  assigned to it: alice, bob'

describe('a plan that gives more than there was warns, by role, with the people assigned', () => {
  test.each<readonly [string, readonly object[], object, readonly string[]]>([
    [
      'of a new principal',
      [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      {},
      [`${wider} it now trusts ${providerArn}${users}`],
    ],
    [
      'of a condition that is dropped',
      [{ ...federated, Condition: { StringEquals: isAlice, IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }],
      {},
      [`${wider} it no longer asks for IpAddress aws:SourceIp${users}`],
    ],
    [
      'of everybody where it was somebody',
      [{ ...federated, Condition: { StringEquals: isAlice } }],
      { trust: { subjects: 'any' } },
      [
        'any user of client "workbench" can assume the role "analyst"; naming subjects limits it to the people you mean',
        `${wider} it no longer asks for StringEquals sso.example.com:sub${users}`,
      ],
    ],
    [
      'of a Deny that goes away',
      [
        { ...federated, Condition: { StringEquals: isAlice } },
        { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRoleWithWebIdentity' },
      ],
      {},
      [`${wider} a Deny statement goes away${users}`],
    ],
    [
      'not where people leave',
      [{ ...federated, Condition: { StringEquals: { ...isAlice, 'sso.example.com:sub': ['alice', 'bob'] } } }],
      {},
      [],
    ],
  ])('%s', async (_, statements, more, expected) => {
    await apply(analyst())
    await setTrust(...statements)
    for (const user of ['alice', 'bob']) await bench.run(['set-aws-role-arns', user, role])
    expect(await warnings(analyst(more))).toEqual(expected)
  })

  test('of a permissions boundary that is lifted, but not of one that comes', async () => {
    const boundary = await seedPolicy(bench.reader, 'boundary')
    const bounded = analyst({ permissionsBoundary: boundary })
    await apply(analyst())
    expect(await warnings(bounded)).toEqual([])
    await apply(bounded)
    await bench.run(['set-aws-role-arns', 'bob', role])
    expect(await warnings(analyst())).toEqual([
      `the role "analyst" will no longer be bounded by ${boundary}\n  assigned to it: bob`,
    ])
  })

  test('of wildcards in an inline policy that was there, and of wildcard actions in a new one', async () => {
    const bucket = `arn:aws:s3:::demo-${randomUUID()}/*`
    await apply(analyst())
    expect(await warnings(custom('s3:GetObject', '*'))).toEqual([])
    expect(await warnings(custom('s3:*', bucket))).toEqual([`${more} it allows s3:*`])
    await apply(custom('s3:GetObject', bucket))
    expect(await warnings(custom('s3:PutObject', bucket))).toEqual([])
    expect(await warnings(custom('s3:GetObject', '*'))).toEqual([`${more} it allows s3:GetObject on every resource`])
    await bench.run(['set-aws-role-arns', 'bob', role])
    expect(await warnings(custom('s3:*', '*'))).toEqual([
      `${more} it allows s3:*\n  assigned to it: bob`,
      `${more} it allows s3:* on every resource\n  assigned to it: bob`,
    ])
  })

  test('of a Deny in an inline policy that goes away, with its policy or without', async () => {
    await apply(custom('s3:GetObject', '*', 'Deny'))
    expect(await warnings(custom('s3:GetObject', 'arn:aws:s3:::demo/*'))).toEqual([
      `${more} a Deny statement goes away`,
    ])
    expect(await warnings(analyst())).toEqual([`${more} a Deny statement goes away`])
  })

  test('of nothing where the whole role is new', async () => {
    expect(await warnings(custom('*', '*'))).toEqual([])
  })
})

const more = 'the role "analyst" may do more than before by its policy "custom":'

/** The role with one inline policy of its own. */
function custom(Action: string, Resource: string, Effect = 'Allow'): string {
  const spec = analyst({ policies: { custom: { document: './custom-policy.json' } } })
  const Statement = [{ Effect, Action, Resource }]
  writeFileSync(join(dirname(spec), 'custom-policy.json'), JSON.stringify({ Version: '2012-10-17', Statement }))
  return spec
}
