import { describe, expect, test } from '@jest/globals'
import { parseAccountId } from '../../../../src/iam/account-id.ts'
import { identityPolicyProblems } from '../../../../src/iam/policy-document-check.ts'
import { neededPermissions } from '../../../../src/provisioning/permissions/needed-permissions.ts'
import { operatorPolicy } from '../../../../src/provisioning/permissions/operator-policy.ts'
import { readSpec } from '../../../../src/provisioning/spec/read-spec.ts'
import { temporaryDirectory } from '../../../support/admin.ts'
import { longPolicy } from '../../../support/operator-scenario.ts'
import { exampleSpec, specFile } from '../../../support/spec-file.ts'

const directory = temporaryDirectory()
const head = 'version: 1\nname: prod\nidentityProvider: { issuer: "https://sso.example.com", clientIds: [workbench] }\n'
const inWorkbench = 'defaults: { path: /workbench/ }\n'
const analyst = 'roles: { analyst: { trust: { subjects: any } } }\n'
const profile = 'instanceProfiles: { server: { instances: [i-0123456789abcdef0], policies: {} } }\n'

async function permissions(text: string, { account = '', isDestroyed = false } = {}, document?: string) {
  const spec = await readSpec(specFile(directory, text, document))
  const only = account === '' ? undefined : parseAccountId(account)
  return neededPermissions({ spec, only, isDestroyed })
}

/** The resources that each action is allowed on, as the policy says it. */
async function allowed(text: string, options = {}, document?: string): Promise<Readonly<Record<string, unknown>>> {
  const { Statement } = operatorPolicy(await permissions(text, options, document))
  return Object.fromEntries(
    [Statement].flat().flatMap(({ Action, Resource }) => [Action].flat().map((action) => [String(action), Resource])),
  )
}

const actionsOf = async (text: string, options = {}) => Object.keys(await allowed(text, options))

function roles(count: number, more = ''): string {
  const names = Array.from({ length: count }, (_, index) => `  role-${index}: { trust: { subjects: any }${more} }\n`)
  return `roles:\n${names.join('')}`
}

describe('the resources of the policy', () => {
  test('are the very ones of the spec, and for what it had once those of its path', async () => {
    const accounts = 'accounts: { "123456789012": { profile: p, region: us-east-2 } }\n'
    const policies = 'defaults: { path: /workbench/, permissionsBoundary: ReadOnlyAccess }\n'
    const database = 'databases: { warehouse: { account: "123456789012", kind: instance, iamAuthentication: true } }\n'
    const own = profile.replace('server: {', 'server: { account: "123456789012",')
    const iam = 'arn:aws:iam::123456789012'
    const each = [`${iam}:role/workbench/analyst`, `${iam}:role/workbench/server`]
    const provider = `${iam}:oidc-provider/sso.example.com`
    const server = `${iam}:instance-profile/workbench/server`
    const instances = 'arn:aws:ec2:*:123456789012:instance/*'
    const warehouse = 'arn:aws:rds:us-east-2:123456789012:db:warehouse'
    expect(await allowed(head + accounts + policies + analyst + database + own)).toEqual({
      'iam:GetAccountAuthorizationDetails': '*',
      'iam:GetAccountSummary': '*',
      'iam:GetPolicy': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      'iam:ListRoles': '*',
      'iam:ListOpenIDConnectProviders': '*',
      'iam:ListPolicyTags': `${iam}:policy/*`,
      'iam:GetOpenIDConnectProvider': provider,
      'iam:CreateOpenIDConnectProvider': provider,
      'iam:TagOpenIDConnectProvider': provider,
      'iam:AddClientIDToOpenIDConnectProvider': provider,
      'iam:CreateRole': each,
      'iam:TagRole': each,
      'iam:UpdateRole': each,
      'iam:UpdateAssumeRolePolicy': each,
      'iam:PutRolePermissionsBoundary': each,
      'iam:DetachRolePolicy': `${iam}:role/workbench/*`,
      'iam:DeleteRolePolicy': `${iam}:role/workbench/*`,
      'iam:DeleteRole': `${iam}:role/workbench/*`,
      'iam:DeletePolicy': `${iam}:policy/workbench/*-*`,
      'iam:DeletePolicyVersion': `${iam}:policy/workbench/*-*`,
      'iam:GetInstanceProfile': [`${iam}:instance-profile/server`, `${iam}:instance-profile/workbench/*`],
      'iam:CreateInstanceProfile': server,
      'iam:TagInstanceProfile': server,
      'iam:AddRoleToInstanceProfile': server,
      'iam:RemoveRoleFromInstanceProfile': `${iam}:instance-profile/workbench/*`,
      'iam:DeleteInstanceProfile': `${iam}:instance-profile/workbench/*`,
      'iam:PassRole': `${iam}:role/workbench/server`,
      'ec2:DescribeInstances': '*',
      'ec2:DescribeIamInstanceProfileAssociations': '*',
      'ec2:AssociateIamInstanceProfile': instances,
      'ec2:ReplaceIamInstanceProfileAssociation': instances,
      'ec2:DisassociateIamInstanceProfile': instances,
      'rds:DescribeDBInstances': warehouse,
      'rds:ModifyDBInstance': warehouse,
      'rds:DescribeOrderableDBInstanceOptions': '*',
    })
  })

  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eu-west-1', 'aws'],
  ])('are of the partition of the region %s', async (region, partition) => {
    const accounts = `accounts: { "123456789012": { profile: p, region: ${region} } }\n`
    const policy = await allowed(head + accounts + inWorkbench + analyst)
    expect(policy).toMatchObject({ 'iam:CreateRole': `arn:${partition}:iam::123456789012:role/workbench/analyst` })
  })

  test('are of the partition of the role that is assumed, which is one of them', async () => {
    const role = 'arn:aws-us-gov:iam::123456789012:role/provisioner'
    expect(await allowed(`${head}accounts: { "123456789012": { assumeRole: "${role}" } }\n${analyst}`)).toMatchObject({
      'sts:AssumeRole': role,
      'iam:CreateRole': 'arn:aws-us-gov:iam::123456789012:role/analyst',
    })
  })

  test('are of any account where the spec names none, or of the one that is asked for', async () => {
    expect(await allowed(head + analyst)).toMatchObject({ 'iam:CreateRole': 'arn:aws:iam::*:role/analyst' })
    expect(await allowed(head + analyst, { account: '210987654321' })).toMatchObject({
      'iam:CreateRole': 'arn:aws:iam::210987654321:role/analyst',
    })
  })

  test('are of the account and the partition of the ARNs in the spec, where only those tell', async () => {
    const policy = 'arn:aws-cn:iam::123456789012:policy/own'
    const text = `${head}roles: { analyst: { trust: { subjects: any }, managedPolicies: ["${policy}"] } }\n`
    expect(await allowed(text)).toMatchObject({ 'iam:AttachRolePolicy': 'arn:aws-cn:iam::123456789012:role/analyst' })
  })

  test('of policies that are too long for a role are those that they become, in any account', async () => {
    const policies = ['one', 'three', 'two'].map((name) => `${name}: { document: ./custom-policy.json }`).join(', ')
    const role = `roles: { analyst: { trust: { subjects: any }, policies: { ${policies} } } }\n`
    expect(await allowed(head + inWorkbench + role, {}, longPolicy)).toMatchObject({
      'iam:CreatePolicy': 'arn:aws:iam::*:policy/workbench/analyst-one',
      'iam:CreatePolicyVersion': 'arn:aws:iam::*:policy/workbench/analyst-one',
      'iam:DeletePolicyVersion': 'arn:aws:iam::*:policy/workbench/*-*',
    })
  })

  test('with --account are of that account alone', async () => {
    const resources = Object.values(await allowed(exampleSpec, { account: '210987654321' })).flat()
    expect(resources.filter((resource) => String(resource).includes('123456789012'))).toEqual([])
    expect(resources).toContain('arn:aws:iam::210987654321:role/provisioner')
  })

  test('with --account of no account of the spec are not made up', async () => {
    await expect(permissions(exampleSpec, { account: '999999999999' })).rejects.toMatchObject({
      code: 'NOT_FOUND_ACCOUNT',
      message: expect.stringContaining('it has 123456789012, 210987654321'),
    })
  })

  test('of many roles are their path', async () => {
    const policy = await allowed(head + inWorkbench + roles(11))
    expect(policy).toMatchObject({ 'iam:CreateRole': 'arn:aws:iam::*:role/workbench/*' })
  })

  test('of many roles in the root are never all roles of the account', async () => {
    const policy = await allowed(head + roles(11), { isDestroyed: true })
    expect(policy['iam:CreateRole']).toHaveLength(11)
    expect(policy['iam:DeleteRole']).toHaveLength(11)
    expect(policy['iam:DeletePolicy']).toHaveLength(11)
  })

  test.each(['role-0', 'role-1'])('cover what was in the path of %s, each path by itself', async (role) => {
    const text = head + inWorkbench + roles(2).replace(`${role}: {`, `${role}: { path: /other/,`)
    expect(await allowed(text)).toMatchObject({
      'iam:DeleteRole': ['arn:aws:iam::*:role/other/*', 'arn:aws:iam::*:role/workbench/*'],
    })
  })
})

describe('the actions of the policy', () => {
  test('delete no role where all are in the root of the account', async () => {
    const actions = await actionsOf(head + analyst + profile)
    expect(actions.filter((action) => /:(DeleteRole|DeleteInstanceProfile)$/.test(action))).toEqual([])
  })

  test('for destroy delete the roles of the spec, in the root the very ones', async () => {
    const policy = await allowed(head + analyst + profile, { isDestroyed: true })
    expect(policy).toMatchObject({
      'iam:DeleteRole': ['arn:aws:iam::*:role/analyst', 'arn:aws:iam::*:role/server'],
      'iam:DeleteInstanceProfile': 'arn:aws:iam::*:instance-profile/server',
      'iam:DeleteOpenIDConnectProvider': 'arn:aws:iam::*:oidc-provider/sso.example.com',
      'ec2:DisassociateIamInstanceProfile': 'arn:aws:ec2:*:*:instance/*',
    })
  })

  test.each([
    ['ec2', 'instance profiles', head + inWorkbench + analyst],
    ['rds', 'databases', head + inWorkbench + analyst + profile],
    ['redshift-serverless', 'Redshift Serverless', exampleSpec],
    ['sts', 'roles to assume', head + analyst],
  ])('have none of %s without %s in the spec', async (service, _, text) => {
    const actions = await actionsOf(text, { isDestroyed: true })
    expect(actions.filter((action) => action.startsWith(`${service}:`))).toEqual([])
  })

  test('know IAM only to look where the spec has nothing but databases', async () => {
    const text = 'version: 1\nname: prod\ndatabases: { warehouse: { kind: cluster, iamAuthentication: true } }\n'
    expect((await actionsOf(text)).sort()).toEqual([
      'iam:GetAccountAuthorizationDetails',
      'iam:ListRoles',
      'rds:DescribeDBClusters',
      'rds:ModifyDBCluster',
    ])
  })

  test.each([
    ['demo', ['DescribeDBClusters', 'DescribeDBInstances', 'DescribeDBProxies']],
    ['demo.cluster-abc123.us-east-2.rds.amazonaws.com', ['DescribeDBClusters']],
    ['demo.abc123.us-east-2.rds.amazonaws.com', ['DescribeDBClusters', 'DescribeDBInstances']],
    ['arn:aws:rds:us-east-2:123456789012:db-proxy:prx-0123456789abcdef0', ['DescribeDBProxies']],
  ])('look for the database of a grant wherever %s can be', async (database, reads) => {
    const grant = `policies: { db: { rdsConnect: { database: "${database}", users: [a] } } }`
    const text = `${head}roles: { analyst: { trust: { subjects: any }, ${grant} } }\n`
    const actions = await actionsOf(text)
    expect(actions.filter((action) => action.startsWith('rds:')).sort()).toEqual(reads.map((read) => `rds:${read}`))
  })
})

describe('the policy', () => {
  const specs: readonly (readonly [string, string])[] = [
    ['of every section', exampleSpec],
    ['of one role', head + analyst],
    ['of many roles in a path', head + inWorkbench + roles(40, ', managedPolicies: [ReadOnlyAccess]')],
    ['of many roles in the root', head + roles(40) + profile],
    ['of China', `${head}accounts: { "123456789012": { profile: p, region: cn-north-1 } }\n${analyst}`],
  ]

  test.each(specs)('%s is one that IAM takes', async (_, text) => {
    const policy = operatorPolicy(await permissions(text, { isDestroyed: true }))
    expect(identityPolicyProblems(policy)).toEqual([])
  })

  test.each(specs)('%s has each Sid once, and each action once', async (_, text) => {
    const statements = [operatorPolicy(await permissions(text, { isDestroyed: true })).Statement].flat()
    const sids = statements.map(({ Sid }) => String(Sid))
    expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([])
    expect(new Set(sids).size).toBe(sids.length)
    const actions = statements.flatMap(({ Action }) => Action)
    expect(new Set(actions).size).toBe(actions.length)
  })
})
