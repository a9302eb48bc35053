import { describe, expect, test } from '@jest/globals'
import { parseIssuer } from '../../../src/iam/issuer.ts'
import { parsePolicyArns } from '../../../src/iam/policy-arn.ts'
import { parseRoleName, parseRolePath } from '../../../src/iam/role-name.ts'
import { parseRoleDescription, parseSessionDuration } from '../../../src/iam/role-settings.ts'
import { webIdentityTrustPolicy } from '../../../src/iam/trust-policy.ts'
import type { ObservedRole } from '../../../src/provisioning/aws-port.ts'
import type { RoleRequest } from '../../../src/provisioning/resources/role.ts'
import { roleCreation, roleDifferences } from '../../../src/provisioning/resources/role-differences.ts'

const [one, two] = parsePolicyArns(['arn:aws:iam::aws:policy/One', 'arn:aws:iam::aws:policy/Two'])
const issuer = parseIssuer('https://sso.example.com')
const providerArn = 'arn:aws:iam::123456789012:oidc-provider/sso.example.com'
const trust = webIdentityTrustPolicy({ providerArn, issuer, clientIds: ['workbench'], subjects: ['alice'] })

const request: RoleRequest = {
  kind: 'web-identity-role',
  spec: 'command-line',
  name: parseRoleName('analyst'),
  trustPolicy: trust,
  path: undefined,
  description: undefined,
  maxSessionSeconds: undefined,
  permissionsBoundary: undefined,
  managedPolicies: undefined,
  upcomingPolicies: [],
  inlinePolicies: undefined,
  tags: {},
  adopt: false,
  assignedUsers: async () => [],
}

const role: ObservedRole = {
  name: 'analyst',
  path: '/',
  description: 'before',
  maxSessionSeconds: 7200,
  permissionsBoundary: one ?? null,
  trustPolicy: encodeURIComponent(JSON.stringify(trust)),
  tags: { 'managed-by': 'admin', 'admin:spec': 'command-line' },
}

function differences(
  asked: Partial<RoleRequest>,
  seen: Partial<ObservedRole> = {},
  managedPolicies: readonly string[] = [one ?? ''],
  inlinePolicies: Readonly<Record<string, string>> = {},
) {
  const state = { role: { ...role, ...seen }, managedPolicies, inlinePolicies }
  const found = roleDifferences({ ...request, ...asked }, state)
  return {
    fields: found.flatMap(({ fields }) => fields),
    calls: found.flatMap(({ calls }) => calls.map(({ operation, input }) => [operation, input])),
  }
}

describe('a role that exists', () => {
  test('is left alone where nothing more is asked', () => {
    expect(differences({})).toEqual({ fields: [], calls: [] })
  })

  test('keeps the setting that was not asked for: UpdateRole resets what it is not told', () => {
    expect(differences({ description: parseRoleDescription('after') })).toEqual({
      fields: [{ path: 'description', before: 'before', after: 'after' }],
      calls: [['UpdateRole', { RoleName: 'analyst', Description: 'after', MaxSessionDuration: 7200 }]],
    })
    expect(differences({ maxSessionSeconds: parseSessionDuration('4h') }).calls).toEqual([
      ['UpdateRole', { RoleName: 'analyst', Description: 'before', MaxSessionDuration: 14_400 }],
    ])
  })

  test('can be told to have no description', () => {
    expect(differences({ description: parseRoleDescription('') }).calls).toEqual([
      ['UpdateRole', { RoleName: 'analyst', Description: '', MaxSessionDuration: 7200 }],
    ])
  })

  test('gets exactly the policies that were named, in one field', () => {
    expect(differences({ managedPolicies: two === undefined ? [] : [two] })).toEqual({
      fields: [{ path: 'managedPolicies', before: [one], after: [two] }],
      calls: [
        ['DetachRolePolicy', { RoleName: 'analyst', PolicyArn: one }],
        ['AttachRolePolicy', { RoleName: 'analyst', PolicyArn: two }],
      ],
    })
  })

  test('gets a trust policy in place of what is no JSON', () => {
    expect(differences({}, { trustPolicy: 'not json' })).toEqual({
      fields: [{ path: 'trustPolicy', before: 'not json', after: trust }],
      calls: [['UpdateAssumeRolePolicy', { RoleName: 'analyst', PolicyDocument: JSON.stringify(trust) }]],
    })
  })

  test('is taken over with the tags that it lacks', () => {
    expect(differences({}, { tags: { 'managed-by': 'admin', 'admin:spec': 'other' } })).toEqual({
      fields: [{ path: 'tags.admin:spec', before: 'other', after: 'command-line' }],
      calls: [['TagRole', { RoleName: 'analyst', Tags: [{ Key: 'admin:spec', Value: 'command-line' }] }]],
    })
  })

  test('loses rights before it gains any: the bound first, unless it goes', () => {
    const asked = {
      managedPolicies: two === undefined ? [] : [two],
      description: parseRoleDescription('after'),
      permissionsBoundary: two ?? null,
    }
    const seen = { tags: {}, trustPolicy: '{}' }
    const operations = (lifted: boolean) =>
      differences({ ...asked, ...(lifted && { permissionsBoundary: null }) }, seen).calls.map(
        ([operation]) => operation,
      )
    const middle = ['DetachRolePolicy', 'UpdateAssumeRolePolicy', 'UpdateRole', 'AttachRolePolicy']
    expect(operations(false)).toEqual(['TagRole', 'PutRolePermissionsBoundary', ...middle])
    expect(operations(true)).toEqual(['TagRole', ...middle, 'DeleteRolePermissionsBoundary'])
  })
})

describe('inline policies', () => {
  const policy = (action: string) => ({
    Version: '2012-10-17' as const,
    Statement: [{ Effect: 'Allow' as const, Action: action, Resource: '*' }],
  })
  const asked = { inlinePolicies: [{ name: 'files', document: policy('s3:GetObject') }] }
  const put = [
    'PutRolePolicy',
    { RoleName: 'analyst', PolicyName: 'files', PolicyDocument: JSON.stringify(policy('s3:GetObject')) },
  ]

  test('are left alone where nobody asked about them', () => {
    expect(differences({}, {}, [one ?? ''], { files: '{}' }).calls).toEqual([])
  })

  test('that say the same in another spelling are the same', () => {
    const spelled = { Statement: { Resource: ['*'], Action: ['S3:getObject'], Effect: 'Allow' }, Version: '2012-10-17' }
    const seen = { files: encodeURIComponent(JSON.stringify(spelled)) }
    expect(differences(asked, {}, [one ?? ''], seen)).toEqual({ fields: [], calls: [] })
  })

  test('are put where they are missing or differ, and shown as documents', () => {
    expect(differences(asked)).toEqual({
      fields: [{ path: 'policies.files', before: null, after: policy('s3:GetObject') }],
      calls: [put],
    })
    const seen = { files: JSON.stringify(policy('s3:*')) }
    expect(differences(asked, {}, [one ?? ''], seen)).toEqual({
      fields: [{ path: 'policies.files', before: policy('s3:*'), after: policy('s3:GetObject') }],
      calls: [put],
    })
  })

  test('that shrink are put before those that grow: their sum must fit at every moment', () => {
    const long = policy(`s3:${'x'.repeat(100)}`)
    const wanted = [
      { name: 'grows', document: long },
      { name: 'shrinks', document: policy('s3:GetObject') },
    ]
    const seen = { grows: JSON.stringify(policy('s3:GetObject')), shrinks: JSON.stringify(long) }
    const { calls } = differences({ inlinePolicies: wanted }, {}, [one ?? ''], seen)
    expect(calls.map(([, input]) => (input as { PolicyName: string }).PolicyName)).toEqual(['shrinks', 'grows'])
  })

  test('that nobody asks for any more go before others come', () => {
    expect(differences(asked, {}, [one ?? ''], { old: 'not json' })).toEqual({
      fields: [
        { path: 'policies.old', before: 'not json', after: null },
        { path: 'policies.files', before: null, after: policy('s3:GetObject') },
      ],
      calls: [['DeleteRolePolicy', { RoleName: 'analyst', PolicyName: 'old' }], put],
    })
  })
})

describe('tags', () => {
  test('that were asked for are made so; others stay', () => {
    const { fields, calls } = differences({ tags: { team: 'data' } }, { tags: { ...role.tags, team: 'x', cost: '1' } })
    expect(fields).toEqual([{ path: 'tags.team', before: 'x', after: 'data' }])
    expect(calls).toEqual([['TagRole', { RoleName: 'analyst', Tags: [{ Key: 'team', Value: 'data' }] }]])
  })
})

describe('a role from nothing', () => {
  test('is one call with its tags, then one for each policy', () => {
    const asked = { ...request, path: parseRolePath('/team/'), managedPolicies: one === undefined ? [] : [one] }
    const { fields, calls } = roleCreation(asked)
    expect(fields.map(({ path }) => path)).toEqual(['path', 'trustPolicy', 'managedPolicies', 'tags'])
    expect(calls).toEqual([
      {
        service: 'iam',
        operation: 'CreateRole',
        input: {
          RoleName: 'analyst',
          Path: '/team/',
          AssumeRolePolicyDocument: JSON.stringify(trust),
          Tags: [
            { Key: 'managed-by', Value: 'admin' },
            { Key: 'admin:spec', Value: 'command-line' },
          ],
        },
      },
      { service: 'iam', operation: 'AttachRolePolicy', input: { RoleName: 'analyst', PolicyArn: one } },
    ])
  })
})
