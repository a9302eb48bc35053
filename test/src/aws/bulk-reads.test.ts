import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyVersionCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { bulkReads } from '../../../src/aws/bulk-reads.ts'
import type { AwsAccount } from '../../../src/provisioning/aws-port.ts'
import { anyTrust, seedPolicy, seedRole } from '../../support/aws-seeds.ts'
import { openedAccount } from '../../support/opened-account.ts'

const here = openedAccount()
let bulk: AwsAccount

beforeEach(() => {
  bulk = bulkReads(here.account)
})

const inline = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::100%zz/*' }],
})
const policyArn = 'arn:aws:iam::123456789012:policy/team/shared'
const awsPolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

/** A role with everything, two plain ones, a policy with three versions. */
async function furnish(): Promise<void> {
  await seedPolicy(here.reader, 'shared', { Path: '/team/', Tags: [{ Key: 'owner', Value: 'data' }] })
  for (const isDefault of [true, false])
    await here.reader.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: policyArn, PolicyDocument: inline, SetAsDefault: isDefault }),
    )
  await seedRole(here.reader, 'Analyst', {
    Path: '/people/',
    Description: 'reads',
    MaxSessionDuration: 7200,
    PermissionsBoundary: policyArn,
    Tags: [{ Key: 'managed-by', Value: 'admin' }],
  })
  await seedRole(here.reader, 'plain')
  await seedRole(here.reader, 'other')
  await here.reader.iam.send(new AttachRolePolicyCommand({ RoleName: 'Analyst', PolicyArn: policyArn }))
  for (const PolicyName of ['one', 'two'])
    await here.reader.iam.send(new PutRolePolicyCommand({ RoleName: 'Analyst', PolicyName, PolicyDocument: inline }))
  await here.reader.iam.send(
    new CreateInstanceProfileCommand({ InstanceProfileName: 'hosts', Tags: [{ Key: 'a', Value: 'b' }] }),
  )
  await here.reader.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'hosts', RoleName: 'plain' }))
  await here.reader.iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: 'https://sso.example.com',
      ClientIDList: ['workbench'],
      ThumbprintList: ['a'.repeat(40)],
      Tags: [{ Key: 'c', Value: 'd' }],
    }),
  )
  here.aws.forget()
}

const decoded = (text: string) => JSON.parse(text.startsWith('%7B') ? decodeURIComponent(text) : text)

describe('reads one by one', () => {
  test('tell all there is', async () => {
    await furnish()
    const role = await here.account.getRole('Analyst')
    expect({ ...role, trustPolicy: decoded(role?.trustPolicy ?? '') }).toEqual({
      name: 'Analyst',
      path: '/people/',
      description: 'reads',
      maxSessionSeconds: 7200,
      permissionsBoundary: policyArn,
      trustPolicy: JSON.parse(anyTrust),
      tags: { 'managed-by': 'admin' },
    })
    expect(await here.account.listAttachedRolePolicies('Analyst')).toEqual([policyArn])
    const policies = await here.account.listRolePolicies('Analyst')
    expect(Object.keys(policies).sort()).toEqual(['one', 'two'])
    expect(decoded(policies.one ?? '')).toEqual(JSON.parse(inline))
    expect(await here.account.listLocalPolicies()).toEqual([policyArn])
    const policy = await here.account.getPolicy(policyArn)
    expect({ ...policy, document: decoded(policy?.document ?? '') }).toEqual({
      arn: policyArn,
      document: JSON.parse(inline),
      versions: ['v2', 'v1', 'v3'],
      tags: { owner: 'data' },
    })
    expect(await here.account.getInstanceProfile('hosts')).toEqual({
      arn: 'arn:aws:iam::123456789012:instance-profile/hosts',
      path: '/',
      roles: ['plain'],
      tags: { a: 'b' },
    })
    const [provider = ''] = await here.account.listOidcProviders()
    expect(await here.account.getOidcProvider(provider)).toEqual({
      clientIds: ['workbench'],
      thumbprints: ['a'.repeat(40)],
      tags: { c: 'd' },
    })
    const listed = (await here.account.listRoles()).find(({ name }) => name === 'plain')
    expect({ ...listed, trustPolicy: decoded(listed?.trustPolicy ?? '') }).toEqual({
      name: 'plain',
      path: '/',
      trustPolicy: JSON.parse(anyTrust),
      tags: {},
      instanceProfiles: ['hosts'],
    })
  })

  test('answer null for what is not there', async () => {
    expect(await here.account.getRole('nobody')).toBeNull()
    expect(await here.account.getPolicy(policyArn)).toBeNull()
    expect(await here.account.getInstanceProfile('nothing')).toBeNull()
  })

  test('know the quotas of the account', async () => {
    here.aws.setQuota('AssumeRolePolicySizeQuota', 4096)
    expect(await here.account.accountSummary()).toMatchObject({ AssumeRolePolicySizeQuota: 4096, RolesQuota: 1000 })
  })
})

describe('reads in bulk', () => {
  /** moto encodes documents in single answers only, IAM in all. */
  const plain = <T extends { trustPolicy: string }>(role: T | null) =>
    role && { ...role, trustPolicy: decoded(role.trustPolicy) }

  test('tell the same as single ones', async () => {
    await furnish()
    for (const name of ['Analyst', 'plain', 'other', 'nobody'])
      expect(plain(await bulk.getRole(name))).toEqual(plain(await here.account.getRole(name)))
    expect(await bulk.listAttachedRolePolicies('Analyst')).toEqual(
      await here.account.listAttachedRolePolicies('Analyst'),
    )
    const [many, single] = [await bulk.listRolePolicies('Analyst'), await here.account.listRolePolicies('Analyst')]
    expect(Object.entries(many).map(([name, text]) => [name, decoded(text)])).toEqual(
      Object.entries(single).map(([name, text]) => [name, decoded(text)]),
    )
    expect(await bulk.listLocalPolicies()).toEqual(await here.account.listLocalPolicies())
    const [ofMany, ofOne] = [await bulk.getPolicy(policyArn), await here.account.getPolicy(policyArn)]
    expect({ ...ofMany, document: decoded(ofMany?.document ?? '') }).toEqual({
      ...ofOne,
      document: decoded(ofOne?.document ?? ''),
    })
    expect(await bulk.listRoles()).toEqual(await here.account.listRoles())
  })

  test('cost a few requests, however much is asked and however often', async () => {
    await furnish()
    const [provider = ''] = await bulk.listOidcProviders()
    here.aws.forget()
    for (let time = 0; time < 2; time++) {
      await Promise.all(['Analyst', 'plain', 'other', 'nobody'].map((name) => bulk.getRole(name)))
      await Promise.all([bulk.listAttachedRolePolicies('plain'), bulk.listRolePolicies('Analyst'), bulk.listRoles()])
      await Promise.all([bulk.getPolicy(policyArn), bulk.getPolicy(`${policyArn}-not`), bulk.listLocalPolicies()])
      await Promise.all([bulk.getOidcProvider(provider), bulk.accountSummary(), bulk.getInstanceProfile('hosts')])
    }
    expect(here.aws.actions.toSorted()).toEqual([
      'GetAccountAuthorizationDetails',
      'GetAccountSummary',
      'GetInstanceProfile',
      'GetOpenIDConnectProvider',
      'ListPolicyTags',
      'ListRoles',
    ])
  })

  test('follow every page', async () => {
    await furnish()
    here.aws.setPageSize(1)
    expect((await bulk.listRoles()).map(({ name }) => name).sort()).toEqual(['Analyst', 'other', 'plain'])
    expect(await bulk.listLocalPolicies()).toEqual([policyArn])
    expect(await bulk.getRole('analyst')).toMatchObject({ description: 'reads', maxSessionSeconds: 7200 })
    const asked = here.aws.actions.filter((action) => action === 'GetAccountAuthorizationDetails')
    expect(asked).toHaveLength(4)
  })

  test('find roles without regard to case, as IAM spells them', async () => {
    await furnish()
    expect(await bulk.getRole('ANALYST')).toMatchObject({ name: 'Analyst' })
    expect(await bulk.listAttachedRolePolicies('aNALYST')).toEqual([policyArn])
  })

  test('do not see what was made later; direct reads do', async () => {
    expect(await bulk.getRole('late')).toBeNull()
    await seedRole(here.reader, 'late')
    expect(await bulk.getRole('late')).toBeNull()
    expect(await here.account.getRole('late')).toMatchObject({ name: 'late' })
  })

  test('do not know a role yet, or no more, that only one of the two bulk answers has', async () => {
    const listing = { name: 'New', path: '/', trustPolicy: '{}', tags: {}, instanceProfiles: [] }
    const details = { listing, permissionsBoundary: null, attachedPolicies: [], policies: {} }
    const settings = new Map([['Newer', { description: '', maxSessionSeconds: 3600 }]])
    const later = bulkReads({
      ...here.account,
      readIamSnapshot: async () => ({ roles: [details], policies: [], settings }),
    })
    for (const name of ['new', 'newer', 'neither']) expect(await later.getRole(name)).toBeNull()
  })

  test('ask for policies of AWS one by one, once', async () => {
    here.aws.inject({ action: 'GetPolicy', kind: { status: 404, code: 'NoSuchEntity', message: 'no' }, times: 9 })
    expect([await bulk.getPolicy(awsPolicyArn), await bulk.getPolicy(awsPolicyArn)]).toEqual([null, null])
    expect(here.aws.actions.filter((action) => action === 'GetPolicy')).toHaveLength(1)
  })

  test('that failed are tried again when asked again', async () => {
    here.aws.inject({ action: 'GetAccountAuthorizationDetails', kind: 'deny' })
    await expect(bulk.getRole('x')).rejects.toMatchObject({
      code: 'DENIED_AWS',
      details: { action: 'iam:GetAccountAuthorizationDetails' },
    })
    expect(await bulk.getRole('x')).toBeNull()
  })
})
