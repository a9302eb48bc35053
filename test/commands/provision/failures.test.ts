import { CreatePolicyCommand } from '@aws-sdk/client-iam'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import type { FaultKind } from '../../support/aws-emulator.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()
const attached: string[] = []

beforeEach(async () => {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }] }
  attached.length = 0
  for (const name of ['first', 'second']) {
    const request = new CreatePolicyCommand({ PolicyName: name, PolicyDocument: JSON.stringify(document) })
    attached.push((await here.reader.iam.send(request)).Policy?.Arn ?? '')
  }
  here.aws.forget()
})

const role = () => [
  ...['provision', 'web-identity-role', 'analyst', '--issuer', 'https://sso.example.com', '--client-id', 'workbench'],
  ...['--subject', 'alice', '--policy', ...attached],
]
const provider = () => ['provision', 'oidc-provider', '--issuer', 'https://sso.example.com', '--client-id', 'workbench']

/** Whatever came before: one more run ends well, the next has nothing to do, and nothing is there twice. */
async function expectConvergence(): Promise<void> {
  here.aws.inject()
  expect(await admin(role(), { env: here.env })).toMatchObject({ exitCode: 0 })
  here.aws.forget()
  expect((await admin(role(), { env: here.env })).stdout).toContain('nothing to do')
  expect(here.aws.writes).toEqual([])
  expect(await here.reader.roleNames()).toEqual(['analyst'])
  expect((await here.reader.role('analyst')).policies).toEqual([...attached].sort())
}

describe('a passing failure', () => {
  test.each<[string, FaultKind]>([
    ['GetCallerIdentity', 'throttle'],
    ['GetRole', 'unavailable'],
    ['CreateRole', 'throttle'],
    ['CreateRole', 'unavailable'],
    ['CreateRole', 'drop-before'],
    ['AttachRolePolicy', 'throttle'],
    ['AttachRolePolicy', 'drop-before'],
    ['AttachRolePolicy', 'apply-then-drop'],
  ])('of %s (%j) is not noticed', async (action, kind) => {
    here.aws.inject({ action, kind })
    expect(await adminJson(role(), { env: here.env })).toMatchObject({
      exitCode: 0,
      json: { summary: { create: 1, failed: 0 } },
    })
    expect((await here.reader.role('analyst')).policies).toEqual([...attached].sort())
  })

  test('that hides the answer to a create is overcome in the same run', async () => {
    here.aws.inject({ action: 'CreateRole', kind: 'apply-then-drop' })
    expect(await adminJson(role(), { env: here.env })).toMatchObject({
      exitCode: 0,
      json: { changes: [{ status: 'done' }] },
    })
    expect((await here.reader.role('analyst')).policies).toEqual([...attached].sort())
    await expectConvergence()
  })

  test('that hides the answer to the making of a provider is overcome in the same run', async () => {
    here.aws.inject({ action: 'CreateOpenIDConnectProvider', kind: 'apply-then-drop' })
    expect(await adminJson(provider(), { env: here.env })).toMatchObject({
      exitCode: 0,
      json: { summary: { create: 1 } },
    })
    expect(await here.reader.providers()).toEqual(['arn:aws:iam::123456789012:oidc-provider/sso.example.com'])
  })

  test.each([
    ['NoSuchEntity', 404, 'AttachRolePolicy', 'The role with name analyst cannot be found.'],
    ['MalformedPolicyDocument', 400, 'CreateRole', 'Invalid principal in policy'],
    ['ConcurrentModification', 409, 'CreateRole', 'try again'],
  ])('because IAM needs time (%s) is waited for, which stderr says', async (code, status, action, message) => {
    here.aws.inject({ action, kind: { code, status, message } })
    const run = await admin(role(), { env: here.env })
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(
        `… create web-identity-role analyst (123456789012): waiting for AWS to be ready for ${action}: ${code}\n`,
      ),
    })
    expect((await here.reader.role('analyst')).policies).toEqual([...attached].sort())
  })
})

describe('a failure that stays', () => {
  test.each<[string, FaultKind, string, number]>([
    ['GetRole', 'deny', 'DENIED_AWS', 6],
    ['CreateRole', 'deny', 'DENIED_AWS', 6],
    ['CreateRole', 'throttle', 'UNAVAILABLE_AWS', 7],
    ['CreateRole', 'unavailable', 'UNAVAILABLE_AWS', 7],
    ['ListOpenIDConnectProviders', 'drop-before', 'UNAVAILABLE_AWS', 7],
    ['CreateRole', { status: 409, code: 'LimitExceeded', message: 'Cannot exceed quota' }, 'REFUSED_QUOTA', 3],
    ['CreateRole', { status: 400, code: 'MalformedPolicyDocument', message: 'Syntax' }, 'REFUSED_BY_AWS', 3],
    ['GetCallerIdentity', { status: 403, code: 'ExpiredToken', message: 'late' }, 'DENIED_AWS_CREDENTIALS', 6],
    ['GetCallerIdentity', { status: 403, code: 'InvalidClientTokenId', message: 'who?' }, 'DENIED_AWS_CREDENTIALS', 6],
    ['GetCallerIdentity', { status: 403, code: 'SignatureDoesNotMatch', message: 'no' }, 'DENIED_AWS_CREDENTIALS', 6],
  ])('of %s (%j) ends as %s, exit %i, with nothing done', async (action, kind, code, exitCode) => {
    here.aws.inject({ action, kind, times: 99 })
    const run = await adminJson(role(), { env: { ...here.env, AWS_MAX_ATTEMPTS: '2' } })
    expect({ code: run.json.error.code, exitCode: run.exitCode }).toEqual({ code, exitCode })
    expect(await here.reader.roleNames()).toEqual([])
    await expectConvergence()
  })

  test('of access says what, on what, and as whom', async () => {
    here.aws.inject({ action: 'CreateRole', kind: 'deny' })
    const { stderr } = await admin(role(), { env: here.env })
    expect(stderr).toContain(
      'Error: AWS denied iam:CreateRole on role analyst to arn:aws:sts::123456789012:user/moto\n  User: ',
    )
  })

  test('of a quota is not tried again', async () => {
    here.aws.inject({ action: 'CreateRole', kind: { status: 409, code: 'LimitExceeded', message: 'full' }, times: 99 })
    await admin(role(), { env: here.env })
    expect(here.aws.writes).toEqual(['CreateRole'])
  })

  test('in the middle ends as PARTIAL, lists what is done, and the next run carries on', async () => {
    here.aws.inject({ action: 'AttachRolePolicy', kind: 'deny', from: 2, times: 99 })
    const run = await adminJson(role(), { env: here.env })
    expect(run).toMatchObject({ exitCode: 8, json: { summary: { create: 0, failed: 1 } } })
    expect(run.json.changes).toMatchObject([{ action: 'create', status: 'failed', error: { code: 'DENIED_AWS' } }])
    expect(run.json.changes[0].error.message).toContain('2 of 3 calls were done before')
    expect((await here.reader.role('analyst')).policies).toEqual(attached.slice(0, 1))
    await expectConvergence()
  })

  test('after a create whose answer was lost ends as PARTIAL: the role is there', async () => {
    here.aws.inject(
      { action: 'CreateRole', kind: 'apply-then-drop' },
      { action: 'AttachRolePolicy', kind: 'deny', times: 9 },
    )
    const run = await admin(role(), { env: here.env })
    expect(run).toMatchObject({ exitCode: 8, stdout: expect.stringContaining('1 of 3 calls were done before') })
    expect(run.stdout + run.stderr).not.toContain('nothing was changed')
    expect(await here.reader.roleNames()).toEqual(['analyst'])
  })

  test('in the middle says so in text too', async () => {
    here.aws.inject({ action: 'AttachRolePolicy', kind: 'deny', times: 99 })
    const run = await admin(role(), { env: here.env })
    expect(run).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('run the command again to carry on') })
    expect(run.stdout).toContain('failed: web-identity-role analyst: AWS denied iam:AttachRolePolicy')
    expect(run.stdout).not.toContain('set-aws-role-arns')
  })

  test('to list providers does not stop a role', async () => {
    here.aws.inject({ action: 'ListOpenIDConnectProviders', kind: 'deny' })
    const run = await admin(role(), { env: here.env })
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('nobody looked whether the issuer has one'),
    })
  })

  test('of a policy that is not there is known before anything is done; a dry run warns of it', async () => {
    const ghost = [...role(), 'arn:aws:iam::123456789012:policy/ghost', 'arn:aws:iam::aws:policy/Ghost']
    const { stderr, exitCode } = await admin(ghost, { env: here.env })
    expect({ exitCode, writes: here.aws.writes }).toEqual({ exitCode: 4, writes: [] })
    expect(stderr).toContain('there is no policy "arn:aws:iam::123456789012:policy/ghost", which the role "analyst"')
    expect(stderr).toContain('there is no policy "arn:aws:iam::aws:policy/Ghost", which the role "analyst"')
    const dry = await admin([...ghost, '--dry-run'], { env: here.env })
    expect(dry).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Warning: there is no policy') })
  })
})
