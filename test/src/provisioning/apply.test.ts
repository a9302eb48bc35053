import { describe, expect, test } from '@jest/globals'
import { AdminError } from '../../../src/errors.ts'
import type { AwsAccount } from '../../../src/provisioning/aws-port.ts'
import { PATIENCE, SHORT_PATIENCE } from '../../../src/provisioning/consistency.ts'
import type { Action, Call } from '../../../src/provisioning/plan.ts'
import { applyPlan, planResources } from '../../../src/provisioning/provision.ts'
import type { Resource } from '../../../src/provisioning/resource.ts'
import { accountId, applyContext, fakeAccount } from '../../support/fake-account.ts'

const call = (operation: string): Call => ({ service: 'iam', operation, input: {} })

/** Answers its plans in turn, the last one for ever. */
function resource(name: string, ...plans: readonly (readonly [Action, ...string[]])[]): Resource {
  let asked = 0
  return {
    kind: 'web-identity-role',
    name,
    dependsOn: [],
    async plan() {
      const [action, ...operations] = plans[Math.min(asked, plans.length - 1)] ?? ['unchanged']
      asked += 1
      const calls = operations.map(call)
      const change = { account: accountId, kind: 'web-identity-role', name, action, fields: [], calls } as const
      return { change, arn: name, warnings: [] }
    },
  }
}

function failure(awsError: string, code: 'DENIED_AWS' | 'REFUSED_BY_AWS' | 'UNAVAILABLE_AWS' = 'REFUSED_BY_AWS') {
  return new AdminError(code, awsError, { details: { awsError, awsMessage: '' } })
}

/** An account in which these operations fail, each time. */
function failing(failures: Readonly<Record<string, Error>>) {
  return fakeAccount(({ operation }) => failures[operation])
}

async function apply(account: AwsAccount, resources: readonly Resource[], over = {}) {
  const { context, waits, told } = applyContext(over)
  const result = await applyPlan(await planResources('command-line', account, resources), context)
  return { result, waits, told }
}

const exists = failure('EntityAlreadyExists')

describe('a create that was answered by "already there"', () => {
  test('looks again until IAM shows it, and sends only what is still missing', async () => {
    const { account, sent } = failing({ CreateRole: exists })
    const role = resource(
      'a',
      ['create', 'CreateRole', 'AttachRolePolicy', 'TagRole'],
      ['create', 'CreateRole'],
      ['update', 'TagRole'],
    )
    const { result, waits } = await apply(account, [role])
    expect(sent).toEqual(['CreateRole', 'TagRole'])
    expect(waits).toEqual(SHORT_PATIENCE.slice(0, 1))
    expect(result).toMatchObject({ changes: [{ action: 'create', status: 'done' }], summary: { create: 1, failed: 0 } })
  })

  test('counts as done where a later call fails, so the result is kept', async () => {
    const { account } = failing({ CreateRole: exists, AttachRolePolicy: failure('AccessDenied') })
    const role = resource('a', ['create', 'CreateRole', 'AttachRolePolicy'], ['update', 'AttachRolePolicy'])
    const { result } = await apply(account, [role])
    expect(result).toMatchObject({ changes: [{ action: 'create', status: 'failed' }], summary: { failed: 1 } })
    expect(result.changes).toMatchObject([{ error: { message: 'AccessDenied\n1 of 2 calls were done before' } }])
  })

  test('is not done where the resource is not ours', async () => {
    const { account } = failing({ CreateRole: exists })
    const foreign = new AdminError('REFUSED_NOT_OURS', 'not ours')
    const role = resource('a', ['create', 'CreateRole'])
    let asked = 0
    const plan: Resource['plan'] = (of) => (asked++ === 0 ? role.plan(of) : Promise.reject(foreign))
    await expect(apply(account, [{ ...role, plan }])).rejects.toBe(foreign)
  })

  test('gives up with that answer where nothing ever shows', async () => {
    const { account, sent } = failing({ CreateRole: exists })
    await expect(apply(account, [resource('a', ['create', 'CreateRole'])])).rejects.toBe(exists)
    expect(sent).toEqual(['CreateRole'])
  })
})

describe('a call that only needs time', () => {
  test('is sent again for about a minute, and then fails with the error itself', async () => {
    const { account, sent } = failing({ UpdateRole: failure('ConcurrentModification') })
    const waits: number[] = []
    const sleep = async (milliseconds: number) => void waits.push(milliseconds)
    await expect(apply(account, [resource('a', ['update', 'UpdateRole'])], { sleep })).rejects.toThrow('ConcurrentMod')
    expect(waits).toEqual(PATIENCE)
    expect(sent).toHaveLength(PATIENCE.length + 1)
  })

  test('is not sent again where the error stays', async () => {
    const { account, sent } = failing({ UpdateRole: failure('AccessDenied') })
    await expect(apply(account, [resource('a', ['update', 'UpdateRole'])])).rejects.toThrow('AccessDenied')
    expect(sent).toEqual(['UpdateRole'])
  })
})

describe('a version of a policy whose making was not answered', () => {
  const reset = failure('ECONNRESET', 'UNAVAILABLE_AWS')

  test('is not made a second time where it is there', async () => {
    const { account, sent } = failing({ CreatePolicyVersion: reset })
    const { result } = await apply(account, [resource('a', ['update', 'CreatePolicyVersion'], ['unchanged'])])
    expect(sent).toEqual(['CreatePolicyVersion'])
    expect(result.summary).toMatchObject({ update: 1, failed: 0 })
  })

  test('is made where it is not there', async () => {
    let tries = 0
    const { account, sent } = fakeAccount(() => (tries++ === 0 ? reset : undefined))
    const { result } = await apply(account, [resource('a', ['update', 'CreatePolicyVersion'])])
    expect(sent).toEqual(['CreatePolicyVersion', 'CreatePolicyVersion'])
    expect(result.summary).toMatchObject({ update: 1, failed: 0 })
  })

  test('is given up after some tries', async () => {
    const { account, sent } = failing({ CreatePolicyVersion: reset })
    await expect(apply(account, [resource('a', ['update', 'CreatePolicyVersion'])])).rejects.toBe(reset)
    expect(sent.length).toBeLessThanOrEqual(6)
  })
})

describe('several resources', () => {
  test('go on where one fails, and the result lists each', async () => {
    const { account, sent } = failing({ TagRole: failure('AccessDenied', 'DENIED_AWS') })
    const broken = resource('a', ['update', 'TagRole', 'UpdateRole'])
    const others = [resource('b', ['create', 'CreateRole']), resource('c', ['unchanged'])]
    const { result } = await apply(account, [broken, ...others])
    expect(sent).toEqual(['TagRole', 'CreateRole'])
    expect(result.changes).toMatchObject([
      { name: 'a', status: 'failed', error: { code: 'DENIED_AWS', message: 'AccessDenied' } },
      { name: 'b', status: 'done' },
      { name: 'c', status: 'done' },
    ])
    expect(result.summary).toEqual({ create: 1, update: 0, delete: 0, unchanged: 1, failed: 1 })
  })

  test('wait for what they depend on', async () => {
    const order: string[] = []
    const { account } = fakeAccount(({ operation }) => void order.push(operation))
    const provider = resource('provider', ['create', 'CreateOpenIDConnectProvider'])
    const role = { ...resource('role', ['create', 'CreateRole']), dependsOn: [provider] }
    const profile = { ...resource('profile', ['create', 'CreateInstanceProfile']), dependsOn: [role] }
    await apply(account, [profile, role, provider])
    expect(order).toEqual(['CreateOpenIDConnectProvider', 'CreateRole', 'CreateInstanceProfile'])
  })

  test('are skipped where what they depend on fails, and nothing else is', async () => {
    const { account, sent } = failing({ CreateOpenIDConnectProvider: failure('AccessDenied', 'DENIED_AWS') })
    const provider = resource('provider', ['create', 'CreateOpenIDConnectProvider'])
    const role = { ...resource('role', ['create', 'CreateRole']), dependsOn: [provider] }
    const profile = { ...resource('profile', ['create', 'CreateInstanceProfile']), dependsOn: [role] }
    const { result } = await apply(account, [provider, role, profile, resource('other', ['create', 'CreatePolicy'])])
    expect(sent).toEqual(['CreateOpenIDConnectProvider', 'CreatePolicy'])
    expect(result.changes).toMatchObject([
      { name: 'provider', status: 'failed', error: { code: 'DENIED_AWS' } },
      { name: 'role', status: 'skipped', error: { code: 'REFUSED_DEPENDENCY' } },
      { name: 'profile', status: 'skipped', error: { code: 'REFUSED_DEPENDENCY' } },
      { name: 'other', status: 'done' },
    ])
    expect(result.summary).toMatchObject({ create: 1, failed: 3 })
  })

  test('throw what stopped them where nothing was done', async () => {
    const denied = failure('AccessDenied', 'DENIED_AWS')
    const { account } = failing({ TagRole: denied, UpdateRole: failure('NoSuchEntity') })
    const [one, two] = [resource('a', ['update', 'TagRole']), resource('b', ['update', 'UpdateRole'])]
    const thrown = apply(account, [one, two, resource('c', ['unchanged'])])
    await expect(thrown).rejects.toMatchObject({ code: 'DENIED_AWS', message: 'AccessDenied\nNoSuchEntity' })
  })

  test('do not hide a bug', async () => {
    const bug = new Error('bug')
    const { account } = failing({ TagRole: bug })
    await expect(apply(account, [resource('a', ['update', 'TagRole'])])).rejects.toBe(bug)
  })
})

describe('an interrupted run', () => {
  test('finishes the call in flight, begins no other, and tells what was not tried', async () => {
    const { account, sent } = fakeAccount()
    const first = resource('a', ['create', 'CreateRole', 'PutRolePolicy'])
    const after = { ...resource('b', ['create', 'CreateInstanceProfile']), dependsOn: [first] }
    const { result } = await apply(account, [first, after], { isInterrupted: () => sent.length > 0 })
    expect(sent).toEqual(['CreateRole'])
    expect(result.changes).toMatchObject([
      { status: 'failed', error: { code: 'REFUSED_INTERRUPTED', message: expect.stringContaining('1 of 2 calls') } },
      { status: 'skipped', error: { code: 'REFUSED_INTERRUPTED' } },
    ])
  })

  test('that waits for AWS does not try again', async () => {
    const { account, sent } = failing({ CreateRole: failure('ConcurrentModification') })
    let isInterrupted = false
    const sleep = async () => {
      isInterrupted = true
    }
    const run = apply(account, [resource('a', ['create', 'CreateRole'])], { sleep, isInterrupted: () => isInterrupted })
    await expect(run).rejects.toMatchObject({
      code: 'REFUSED_INTERRUPTED',
      message: 'the run was interrupted while it waited for AWS: ConcurrentModification',
      details: { awsError: 'ConcurrentModification' },
    })
    expect(sent).toEqual(['CreateRole'])
  })

  test('before anything was done is a refusal, told once', async () => {
    const { account, sent } = fakeAccount()
    const both = ['a', 'b'].map((name) => resource(name, ['create', 'CreateRole']))
    const run = apply(account, both, { isInterrupted: () => true })
    await expect(run).rejects.toMatchObject({ code: 'REFUSED_INTERRUPTED', message: 'the run was interrupted' })
    expect(sent).toEqual([])
  })
})

describe('the journal', () => {
  test('is told of each call before and after it is sent', async () => {
    const told: string[] = []
    const { account } = fakeAccount(({ operation }) => void told.push(`send ${operation}`))
    const journal = {
      async around<T>({ call: of }: { readonly call: Call }, work: () => Promise<T>): Promise<T> {
        told.push(`before ${of.operation}`)
        const done = await work()
        told.push(`after ${of.operation}`)
        return done
      },
    }
    await apply(account, [resource('a', ['create', 'CreateRole', 'PutRolePolicy'])], { journal })
    expect(told).toEqual([
      ...['before CreateRole', 'send CreateRole', 'after CreateRole'],
      ...['before PutRolePolicy', 'send PutRolePolicy', 'after PutRolePolicy'],
    ])
  })

  test('that cannot be written keeps the call from being sent', async () => {
    const { account, sent } = fakeAccount()
    const full = new AdminError('UNAVAILABLE_STORE', 'disk full')
    const journal = { around: async () => Promise.reject(full) }
    await expect(apply(account, [resource('a', ['create', 'CreateRole'])], { journal })).rejects.toBe(full)
    expect(sent).toEqual([])
  })
})
