import { describe, expect, test } from '@jest/globals'
import { AdminError } from '../../../src/errors.ts'
import type { AccountId } from '../../../src/iam/account-id.ts'
import type { Partition } from '../../../src/iam/partition.ts'
import type { AwsAccount } from '../../../src/provisioning/aws-port.ts'
import { SHORT_PATIENCE } from '../../../src/provisioning/consistency.ts'
import type { Action, Call } from '../../../src/provisioning/plan.ts'
import { applyPlan, planResources } from '../../../src/provisioning/provision.ts'
import type { Resource } from '../../../src/provisioning/resource.ts'

const accountId = '123456789012' as AccountId

/** An account whose n-th call of an operation fails as told; everything else succeeds. */
function fakeAccount(failures: Readonly<Record<string, AdminError>> = {}) {
  const sent: string[] = []
  const unused = async () => Promise.reject(new Error('not read here'))
  const account: AwsAccount = {
    identity: { accountId, partition: 'aws' as Partition, callerArn: 'arn:aws:iam::123456789012:user/test' },
    region: 'us-east-1',
    listOidcProviders: unused,
    getOidcProvider: unused,
    listRoles: unused,
    getRole: unused,
    listAttachedRolePolicies: unused,
    listRolePolicies: unused,
    listLocalPolicies: unused,
    getPolicy: unused,
    getInstanceProfile: unused,
    accountSummary: unused,
    describeDatabase: unused,
    supportsIamAuthentication: unused,
    getWorkgroupId: unused,
    describeInstanceProfiles: unused,
    async send({ operation }) {
      sent.push(operation)
      const failure = failures[operation]
      if (failure !== undefined) throw failure
    },
  }
  return { account, sent }
}

/** Answers its plans in turn, the last one for ever. */
function resource(name: string, ...plans: readonly (readonly [Action, ...string[]])[]): Resource {
  let asked = 0
  return {
    kind: 'web-identity-role',
    async plan() {
      const [action, ...operations] = plans[Math.min(asked, plans.length - 1)] ?? ['unchanged']
      asked += 1
      const calls = operations.map((operation): Call => ({ service: 'iam', operation, input: {} }))
      const change = { account: accountId, kind: 'web-identity-role', name, action, fields: [], calls } as const
      return { change, arn: name, warnings: [] }
    },
  }
}

function failure(awsError: string, code: 'DENIED_AWS' | 'REFUSED_BY_AWS' = 'REFUSED_BY_AWS'): AdminError {
  return new AdminError(code, awsError, { details: { awsError, awsMessage: '' } })
}

async function apply(account: AwsAccount, ...resources: readonly Resource[]) {
  const waits: number[] = []
  const waiting = { sleep: async (milliseconds: number) => void waits.push(milliseconds), onWait: () => {} }
  const result = await applyPlan(await planResources('command-line', account, resources), waiting)
  return { result, waits }
}

const exists = failure('EntityAlreadyExists')

describe('a create that was answered by "already there"', () => {
  test('looks again until IAM shows it, and sends only what is still missing', async () => {
    const { account, sent } = fakeAccount({ CreateRole: exists })
    const role = resource(
      'a',
      ['create', 'CreateRole', 'AttachRolePolicy', 'TagRole'],
      ['create', 'CreateRole'],
      ['update', 'TagRole'],
    )
    const { result, waits } = await apply(account, role)
    expect(sent).toEqual(['CreateRole', 'TagRole'])
    expect(waits).toEqual(SHORT_PATIENCE.slice(0, 1))
    expect(result).toMatchObject({ changes: [{ action: 'create', status: 'done' }], summary: { create: 1, failed: 0 } })
  })

  test('counts as done where a later call fails, so the result is kept', async () => {
    const { account } = fakeAccount({ CreateRole: exists, AttachRolePolicy: failure('NoSuchEntity') })
    const role = resource('a', ['create', 'CreateRole', 'AttachRolePolicy'], ['update', 'AttachRolePolicy'])
    const { result } = await apply(account, role)
    expect(result).toMatchObject({ changes: [{ action: 'create', status: 'failed' }], summary: { failed: 1 } })
    expect(result.changes).toMatchObject([{ error: { message: 'NoSuchEntity\n1 of 2 calls were done before' } }])
  })

  test('is not done where the resource is not ours', async () => {
    const { account } = fakeAccount({ CreateRole: exists })
    const foreign = new AdminError('REFUSED_NOT_OURS', 'not ours')
    const role = resource('a', ['create', 'CreateRole'])
    let asked = 0
    const plan: Resource['plan'] = (of) => (asked++ === 0 ? role.plan(of) : Promise.reject(foreign))
    await expect(apply(account, { ...role, plan })).rejects.toBe(foreign)
  })

  test('gives up with that answer where nothing ever shows', async () => {
    const { account, sent } = fakeAccount({ CreateRole: exists })
    await expect(apply(account, resource('a', ['create', 'CreateRole']))).rejects.toBe(exists)
    expect(sent).toEqual(['CreateRole'])
  })
})

describe('several resources', () => {
  test('go on where one fails, and the result lists each', async () => {
    const { account, sent } = fakeAccount({ TagRole: failure('AccessDenied', 'DENIED_AWS') })
    const broken = resource('a', ['update', 'TagRole', 'UpdateRole'])
    const { result } = await apply(
      account,
      broken,
      resource('b', ['create', 'CreateRole']),
      resource('c', ['unchanged']),
    )
    expect(sent).toEqual(['TagRole', 'CreateRole'])
    expect(result.changes).toMatchObject([
      { name: 'a', status: 'failed', error: { code: 'DENIED_AWS', message: 'AccessDenied' } },
      { name: 'b', status: 'done' },
      { name: 'c', status: 'done' },
    ])
    expect(result.summary).toEqual({ create: 1, update: 0, delete: 0, unchanged: 1, failed: 1 })
  })

  test('throw what stopped the first where nothing was done', async () => {
    const denied = failure('AccessDenied', 'DENIED_AWS')
    const { account } = fakeAccount({ TagRole: denied, UpdateRole: failure('NoSuchEntity') })
    const [one, two] = [resource('a', ['update', 'TagRole']), resource('b', ['update', 'UpdateRole'])]
    await expect(apply(account, one, two, resource('c', ['unchanged']))).rejects.toBe(denied)
  })

  test('do not hide a bug', async () => {
    const { account } = fakeAccount()
    const bug = new Error('bug')
    const broken = { ...account, send: async () => Promise.reject(bug) }
    await expect(apply(broken, resource('a', ['update', 'TagRole']))).rejects.toBe(bug)
  })
})
