import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { admin, adminJson, temporaryDirectory } from '../../support/admin.ts'
import { AwsEmulator, awsEnvironment } from '../../support/aws-emulator.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import { specFile } from '../../support/spec-file.ts'
import { production, research, twoAccountsSpec, withProfile } from '../../support/two-accounts.ts'

let aws: AwsEmulator
let env: Record<string, string>
const directory = temporaryDirectory()
const file = specFile(directory, twoAccountsSpec)
const apply = ['provision', 'apply', file, '--yes']

beforeAll(async () => {
  aws = await AwsEmulator.start()
})
afterAll(() => aws.stop())
beforeEach(async () => {
  await aws.reset()
  env = withProfile(aws, directory)
})

const readerOf = (account: string) => new AwsReader(awsEnvironment(aws, account))

describe('where AWS denies something in one account of two', () => {
  test('a write: the other is done, the result lists each, and the next run carries on', async () => {
    aws.inject({ action: 'CreateRole', kind: 'deny', account: research, times: 9 })
    const { json, exitCode } = await adminJson(apply, { env })
    expect({ exitCode, summary: json.summary }).toEqual({
      exitCode: 8,
      summary: { create: 4, update: 0, delete: 0, unchanged: 0, failed: 1 },
    })
    expect(json.changes).toMatchObject([
      { account: research, name: 'https://sso.example.com', status: 'done' },
      {
        account: research,
        name: 'analyst',
        status: 'failed',
        error: { code: 'DENIED_AWS', message: expect.stringContaining('AWS denied iam:CreateRole on role analyst') },
      },
      { account: production, name: 'https://sso.example.com', status: 'done' },
      { account: production, name: 'analyst', status: 'done' },
      { account: production, name: 'scientist', status: 'done' },
    ])
    expect(await readerOf(production).roleNames()).toEqual(['analyst', 'scientist'])
    aws.inject()
    aws.forget()
    expect(await adminJson(apply, { env })).toMatchObject({ exitCode: 0, json: { summary: { create: 1, failed: 0 } } })
    expect(aws.writes).toEqual(['CreateRole'])
    expect(await readerOf(research).roleNames()).toEqual(['analyst'])
  })

  test('all writes: the other is done all the same, and the account that is not is named', async () => {
    aws.inject(
      { action: 'CreateOpenIDConnectProvider', kind: 'deny', account: research, times: 9 },
      { action: 'CreateRole', kind: 'deny', account: research, times: 9 },
    )
    const { stdout, exitCode } = await admin(apply, { env })
    expect(exitCode).toBe(8)
    expect(stdout).toContain('failed: oidc-provider https://sso.example.com')
    expect(await readerOf(research).roleNames()).toEqual([])
    expect(await readerOf(production).roleNames()).toEqual(['analyst', 'scientist'])
  })

  test('a read: nothing is written in any', async () => {
    aws.inject({ action: 'ListRoles', kind: 'deny', account: research, times: 9 })
    const { json, exitCode } = await adminJson(apply, { env })
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 6, code: 'DENIED_AWS' })
    expect(json.error.message).toContain('AWS denied iam:ListRoles')
    expect(aws.writes).toEqual([])
  })
})

describe('the JSON result', () => {
  const ofPlan = ['account', 'action', 'calls', 'fields', 'kind', 'name']

  test('of plan has these keys', async () => {
    const { json } = await adminJson(['provision', 'plan', file], { env })
    expectShape(json, [ofPlan])
  })

  test('of apply has them too, and what came of each change', async () => {
    aws.inject({ action: 'CreateRole', kind: 'deny', account: research, times: 9 })
    const { json } = await adminJson(apply, { env })
    const applied = [...ofPlan, 'status'].sort()
    expectShape(json, [applied, [...applied, 'error'].sort()])
    const errors = json.changes.flatMap(({ error }: { error?: object }) => (error === undefined ? [] : [error]))
    expect(keySets(errors)).toEqual([['code', 'message']])
  })

  test('of an apply with nothing to do is that of plan', async () => {
    await admin(apply, { env })
    const { json } = await adminJson(apply, { env })
    expectShape(json, [ofPlan])
    expect(json.summary).toEqual({ create: 0, update: 0, delete: 0, unchanged: 5, failed: 0 })
  })

  test('of destroy has those of apply', async () => {
    await admin(apply, { env })
    const { json, exitCode } = await adminJson(['provision', 'destroy', file, '--yes'], { env })
    expect({ exitCode, summary: json.summary }).toEqual({
      exitCode: 0,
      summary: { create: 0, update: 0, delete: 5, unchanged: 0, failed: 0 },
    })
    expectShape(json, [[...ofPlan, 'status'].sort()])
  })
})

interface Result {
  readonly accounts: readonly { readonly accountId: string }[]
  readonly changes: readonly { readonly fields: readonly object[]; readonly calls: readonly object[] }[]
  readonly summary: object
}

function expectShape(json: Result, changes: readonly (readonly string[])[]): void {
  expect(Object.keys(json)).toEqual(['spec', 'accounts', 'changes', 'summary'])
  expect(keySets(json.accounts)).toEqual([['accountId', 'callerArn', 'partition']])
  expect(json.accounts.map(({ accountId }) => accountId)).toEqual([research, production])
  expect(new Set(keySets(json.changes))).toEqual(new Set(changes))
  for (const { fields } of json.changes.filter((change) => change.fields.length > 0))
    expect(keySets(fields)).toEqual([['after', 'before', 'path']])
  for (const { calls } of json.changes.filter((change) => change.calls.length > 0))
    expect(keySets(calls)).toEqual([['input', 'operation', 'service']])
  expect(Object.keys(json.summary)).toEqual(['create', 'update', 'delete', 'unchanged', 'failed'])
}

/** The different sets of keys that the objects have. */
function keySets(objects: readonly object[]): readonly (readonly string[])[] {
  const sets = objects.map((object) => Object.keys(object).sort())
  return [...new Map(sets.map((keys) => [keys.join(), keys])).values()]
}
