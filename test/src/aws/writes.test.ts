import { describe, expect, test } from '@jest/globals'
import { enforcePolicy } from '../../support/aws-enforcement.ts'
import { seedPolicy, seedRole } from '../../support/aws-seeds.ts'
import { sendInOwnProcess } from '../../support/in-own-process.ts'
import { openIn } from '../../support/open-account.ts'
import { openedAccount } from '../../support/opened-account.ts'

const here = openedAccount()

const iam = (operation: string, input: object) => here.account.send({ service: 'iam', operation, input: { ...input } })
const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'

describe('what is not in the table of writes', () => {
  test.each([
    ['iam', 'CreateUser'],
    ['iam', 'GetRole'],
    ['iam', 'ModifyDBCluster'],
    ['ec2', 'RunInstances'],
    ['rds', 'DeleteDBCluster'],
    ['iam', 'constructor'],
  ] as const)('is never sent: %s:%s', async (service, operation) => {
    await expect(here.account.send({ service, operation, input: {} })).rejects.toThrow(
      `a plan names an operation that is not there: ${service}:${operation}`,
    )
    expect(here.aws.actions).toEqual([])
  })
})

describe('a write', () => {
  test('is sent again where AWS fails, and each failure is told', async () => {
    await seedRole(here.reader, 'r')
    here.aws.inject(
      { action: 'TagRole', kind: 'throttle', from: 1 },
      { action: 'TagRole', kind: 'unavailable', from: 2 },
    )
    await iam('TagRole', { RoleName: 'r', Tags: [{ Key: 'a', Value: 'b' }] })
    expect((await here.reader.role('r')).tags).toEqual({ a: 'b' })
    expect(here.failed).toEqual([
      { action: 'iam:TagRole', kind: 'throttled', error: 'Throttling', attempt: 1 },
      { action: 'iam:TagRole', kind: 'server-error', error: 'ServiceUnavailable', attempt: 2 },
    ])
  })

  test('whose connection is cut is told, too', async () => {
    await seedRole(here.reader, 'r')
    here.aws.inject({ action: 'TagRole', kind: 'drop-before' })
    const input = { RoleName: 'r', Tags: [{ Key: 'a', Value: 'b' }] }
    expect(await sendInOwnProcess(here.env, { service: 'iam', operation: 'TagRole', input })).toEqual({
      code: null,
      failed: [{ action: 'iam:TagRole', kind: 'reset', error: 'ECONNRESET', attempt: 1 }],
    })
  })

  test('that a quota forbids is not sent again, and is no failed attempt', async () => {
    const kind = { status: 409, code: 'LimitExceeded', message: 'Cannot exceed quota' }
    here.aws.inject({ action: 'CreateRole', kind, times: 9 })
    await expect(iam('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: '{}' })).rejects.toMatchObject({
      code: 'REFUSED_QUOTA',
      details: { action: 'iam:CreateRole', resource: 'role r' },
    })
    expect({ writes: here.aws.writes, failed: here.failed }).toEqual({ writes: ['CreateRole'], failed: [] })
  })

  test('that makes a version of a policy is sent once, whatever becomes of it: another try makes another version', async () => {
    const PolicyArn = await seedPolicy(here.reader, 'p')
    here.aws.inject({ action: 'CreatePolicyVersion', kind: 'apply-then-drop' })
    const input = { PolicyArn, PolicyDocument: document, SetAsDefault: true }
    const call = { service: 'iam', operation: 'CreatePolicyVersion', input } as const
    expect(await sendInOwnProcess(here.env, call)).toMatchObject({ code: 'UNAVAILABLE_AWS' })
    expect(here.aws.writes.filter((action) => action === 'CreatePolicyVersion')).toHaveLength(1)
    expect((await here.reader.policy(PolicyArn)).versions).toEqual(['v1', 'v2'])
  })

  test('names what it was about', async () => {
    const cases: [string, object, string][] = [
      ['AttachRolePolicy', { RoleName: 'r', PolicyArn: 'arn:aws:iam::123456789012:policy/p' }, 'role r'],
      ['AddRoleToInstanceProfile', { InstanceProfileName: 'h', RoleName: 'r' }, 'instance profile h'],
      ['DeletePolicy', { PolicyArn: 'arn:aws:iam::123456789012:policy/p' }, 'arn:aws:iam::123456789012:policy/p'],
    ]
    for (const [operation, input, resource] of cases) {
      here.aws.inject({ action: operation, kind: 'deny' })
      await expect(iam(operation, input)).rejects.toMatchObject({
        code: 'DENIED_AWS',
        details: { action: `iam:${operation}`, resource },
      })
    }
  })
})

describe('the emulator', () => {
  test('allows what a policy allows, on the role that it names, and denies the rest', async () => {
    await seedRole(here.reader, 'mine')
    await seedRole(here.reader, 'other')
    const env = await enforcePolicy(here.aws, [
      { Effect: 'Allow', Action: 'iam:*', Resource: 'arn:aws:iam::123456789012:role/mine' },
      { Effect: 'Allow', Action: 'iam:*OpenIDConnectProvider', Resource: '*' },
    ])
    const { account: restricted } = await openIn(env)
    const send = (operation: string, input: object) =>
      restricted.send({ service: 'iam', operation, input: { ...input } })
    const denied = { code: 'DENIED_AWS', details: { caller: 'arn:aws:iam::123456789012:user/restricted' } }
    await send('UpdateRole', { RoleName: 'mine', Description: 'allowed' })
    await expect(send('UpdateRole', { RoleName: 'other', Description: 'no' })).rejects.toMatchObject(denied)
    await expect(restricted.describeDatabase('cluster', 'c')).rejects.toMatchObject(denied)
    await expect(restricted.describeInstanceProfiles(['i-0123456789abcdef0'])).rejects.toMatchObject(denied)
    const arn = 'arn:aws:iam::123456789012:oidc-provider/sso.example.com'
    await send('CreateOpenIDConnectProvider', { Url: 'https://sso.example.com', ClientIDList: ['a'] })
    await send('AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn: arn, ClientID: 'b' })
    await here.aws.enforce(null)
    expect((await here.reader.provider(arn)).clientIds).toEqual(['a', 'b'])
    expect((await here.reader.role('other')).description).toBeUndefined()
  })

  test('refuses to delete a policy that is attached or has versions, as IAM does', async () => {
    const PolicyArn = await seedPolicy(here.reader, 'p')
    await seedRole(here.reader, 'r')
    await iam('AttachRolePolicy', { RoleName: 'r', PolicyArn })
    const conflict = { code: 'REFUSED_BY_AWS', details: { awsError: 'DeleteConflict' } }
    await expect(iam('DeletePolicy', { PolicyArn })).rejects.toMatchObject(conflict)
    await iam('DetachRolePolicy', { RoleName: 'r', PolicyArn })
    await iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: document, SetAsDefault: true })
    await expect(iam('DeletePolicy', { PolicyArn })).rejects.toMatchObject(conflict)
    await iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v1' })
    await iam('DeletePolicy', { PolicyArn })
    expect(await here.reader.policies()).toEqual([])
  })

  test('lets a test act before and after the n-th write, and make it go wrong', async () => {
    await seedRole(here.reader, 'r')
    here.aws.forget()
    const seen: string[] = []
    here.aws.onWrite({
      before: async (index, { action }) =>
        void seen.push(`${index} ${action}: ${(await here.reader.role('r')).description}`),
      after: async (index, { action }) =>
        void seen.push(`${index} ${action}: ${(await here.reader.role('r')).description}`),
    })
    here.aws.inject({ write: 2, kind: 'deny' })
    await iam('UpdateRole', { RoleName: 'r', Description: 'new' })
    await expect(iam('UpdateRole', { RoleName: 'r', Description: 'newer' })).rejects.toMatchObject({
      code: 'DENIED_AWS',
    })
    expect(seen).toEqual(['1 UpdateRole: undefined', '1 UpdateRole: new', '2 UpdateRole: new'])
  })
})
