import { CreatePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from '@jest/globals'
import { admin, adminJson } from '../../support/admin.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import { emulatedAws } from '../../support/emulated-aws.ts'

const here = emulatedAws()

const issuer = 'https://sso.example.com'
const ours = { 'managed-by': 'admin', 'admin:spec': 'command-line' }
const first = 'arn:aws:iam::123456789012:policy/first'
const second = 'arn:aws:iam::123456789012:policy/second'

const provision = (...argv: readonly string[]) => [
  ...['provision', 'web-identity-role', 'analyst', '--issuer', issuer, '--client-id', 'workbench'],
  ...argv,
]
const run = (...argv: readonly string[]) => admin(provision(...argv), { env: here.env })
const runJson = (...argv: readonly string[]) => adminJson(provision(...argv), { env: here.env })

function trust(id: string, subjects: object = { [`${id}:sub`]: 'alice' }, partition = 'aws') {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::123456789012:oidc-provider/${id}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${id}:aud`]: 'workbench', ...subjects } },
      },
    ],
  }
}

describe('provision web-identity-role', () => {
  test('--detailed-exit-code is 5 where a dry run finds something to do, and only with --dry-run', async () => {
    const check = ['--subject', 'alice', '--dry-run', '--detailed-exit-code']
    expect(await runJson(...check)).toMatchObject({ exitCode: 5, json: { summary: { create: 1 } } })
    await run('--subject', 'alice')
    expect(await runJson(...check)).toMatchObject({ exitCode: 0, json: { summary: { unchanged: 1 } } })
    expect(await run('--subject', 'alice', '--detailed-exit-code')).toMatchObject({ exitCode: 2 })
  })

  test('warns where the provider lacks the client id, with the command that adds it', async () => {
    await admin(['provision', 'oidc-provider', '--issuer', issuer, '--client-id', 'other'], { env: here.env })
    const { stderr } = await run('--subject', 'alice', '--dry-run')
    expect(stderr).toContain('does not have the client id "workbench"')
    expect(stderr).toContain(`admin provision oidc-provider --issuer ${issuer} --client-id workbench`)
    await admin(['provision', 'oidc-provider', '--issuer', issuer, '--client-id', 'workbench'], { env: here.env })
    expect((await run('--subject', 'alice', '--dry-run')).stderr).not.toContain('client id')
  })

  test('shows the size of the trust policy beside the quota, and alone where that may not be read', async () => {
    expect((await run('--subject', 'alice', '--dry-run')).stdout).toMatch(
      /^ {4}trust policy: \d{3} of 2048 characters$/m,
    )
    here.aws.inject({ action: 'GetAccountSummary', kind: 'deny' })
    const denied = await run('--subject', 'alice', '--dry-run')
    expect(denied).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^ {4}trust policy: \d{3} characters$/m),
    })
  })

  test('plans without a write, creates all that was asked, and writes nothing the second time', async () => {
    await policies()
    const asked = [
      ...['--subject', 'alice', '--policy', first, second, '--path', '/workbench/', '--permissions-boundary', second],
      ...['--max-session-duration', '4h', '--description', 'Données, 100%zz'],
    ]
    const plan = await run(...asked, '--dry-run')
    expect(plan.stdout).toContain('+ create web-identity-role analyst')
    expect(plan.stdout).toContain('StringEquals sso.example.com:sub: alice')
    expect(plan.stdout).not.toContain('set-aws-role-arns')
    expect(here.aws.writes).toEqual([])

    const apply = await run(...asked)
    expect(apply.exitCode).toBe(0)
    expect(apply.stdout).toMatch(
      /\n1 created\narn:aws:iam::123456789012:role\/workbench\/analyst\nadmin set-aws-role-arns USER arn:aws:iam::123456789012:role\/workbench\/analyst\n$/,
    )
    expect(here.aws.writes).toEqual(['CreateRole', 'AttachRolePolicy', 'AttachRolePolicy'])
    expect(await here.reader.role('analyst')).toEqual({
      id: expect.any(String),
      arn: 'arn:aws:iam::123456789012:role/workbench/analyst',
      path: '/workbench/',
      description: 'Données, 100%zz',
      maxSessionDuration: 14_400,
      boundary: second,
      trust: trust('sso.example.com'),
      tags: ours,
      policies: [first, second],
    })

    here.aws.forget()
    expect((await run(...asked)).stdout).toMatch(/^= unchanged web-identity-role analyst\nnothing to do\narn:/)
    expect(here.aws.writes).toEqual([])
  })

  test.each([
    ['https://login.example.com/tenant/v2.0', 'login.example.com/tenant/v2.0'],
    ['https://x.auth.example.com/', 'x.auth.example.com/'],
  ])('spells ARN and condition keys of %s verbatim', async (url, id) => {
    const argv = ['provision', 'web-identity-role', 'analyst', '--issuer', url, '--client-id', 'workbench']
    await admin([...argv, '--subject', 'alice'], { env: here.env })
    expect((await here.reader.role('analyst')).trust).toEqual(trust(id))
  })

  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('is right in %s', async (region, partition) => {
    const there = { ...here.env, AWS_REGION: region }
    const { stdout } = await admin(provision('--subject', 'alice'), { env: there })
    expect(stdout).toContain(`\narn:${partition}:iam::123456789012:role/analyst\n`)
    const role = await new AwsReader(there).role('analyst')
    expect(role.trust).toEqual(trust('sso.example.com', undefined, partition))
    const refused = await adminJson(provision('--policy', 'arn:aws:iam::aws:policy/ReadOnlyAccess'), { env: there })
    expect(refused).toMatchObject({ exitCode: 2, json: { error: { code: 'INVALID_POLICY_ARN' } } })
    expect(refused.json.error.message).toContain(`is in partition aws, you act in ${partition}`)
  })

  test('changes everything in place, and leaves alone what no flag mentions', async () => {
    await policies()
    await run('--subject', 'alice', '--policy', first, '--description', 'before', '--max-session-duration', '2h')
    const { id } = await here.reader.role('analyst')
    here.aws.forget()
    const change = await run('--subject', 'alice', '--subject', 'bob', '--policy', second)
    expect(change.stdout).toContain(`      - ${first}\n      + ${second}`)
    expect(change.stderr).toContain(
      'the role "analyst" lets in more people than before: StringEquals sso.example.com:sub may now also be bob',
    )
    expect(here.aws.writes).toEqual(['DetachRolePolicy', 'UpdateAssumeRolePolicy', 'AttachRolePolicy'])
    expect(await here.reader.role('analyst')).toMatchObject({
      id,
      description: 'before',
      maxSessionDuration: 7200,
      policies: [second],
      trust: trust('sso.example.com', { 'sso.example.com:sub': ['alice', 'bob'] }),
    })

    here.aws.forget()
    await run('--subject', 'bob', 'alice', '--description', 'after', '--permissions-boundary', first)
    expect(here.aws.writes).toEqual(['PutRolePermissionsBoundary', 'UpdateRole'])
    expect(await here.reader.role('analyst')).toMatchObject({
      id,
      description: 'after',
      maxSessionDuration: 7200,
      boundary: first,
      policies: [second],
    })

    here.aws.forget()
    const last = await run('--subject', 'alice', 'bob', '--policy', 'none', '--permissions-boundary', 'none')
    expect(last.stderr).toContain(`will no longer be bounded by ${first}`)
    expect(here.aws.writes).toEqual(['DetachRolePolicy', 'DeleteRolePermissionsBoundary'])
    const { boundary, policies: left } = await here.reader.role('analyst')
    expect({ boundary, left }).toEqual({ boundary: undefined, left: [] })
  })

  test('says whom an open trust policy lets in, and when it is opened', async () => {
    const everybody = 'any user of client "workbench" can assume the role "analyst"'
    expect((await run('--subject', 'alice')).stderr).not.toContain(everybody)
    const { json, exitCode } = await runJson('--max-session-duration', '4h')
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_OPENING' })
    expect((await here.reader.role('analyst')).trust).toEqual(trust('sso.example.com'))
    const { stderr } = await run('--any-subject')
    expect(stderr).toContain(everybody)
    expect(stderr).toContain('it no longer asks for StringEquals sso.example.com:sub')
    expect((await here.reader.role('analyst')).trust).toEqual(trust('sso.example.com', {}))
  })

  test('says that the provider is missing, with the command that makes it', async () => {
    const missing = 'admin provision oidc-provider --issuer https://sso.example.com --client-id workbench'
    expect((await run('--dry-run')).stderr).toContain(missing)
    await admin(['provision', 'oidc-provider', '--issuer', `${issuer}/`, '--client-id', 'workbench'], { env: here.env })
    expect((await run('--dry-run')).stderr).toContain('differs only by a slash or by case')
    await admin(['provision', 'oidc-provider', '--issuer', issuer, '--client-id', 'workbench'], { env: here.env })
    expect((await run('--dry-run')).stderr).not.toContain('oidc-provider')
  })

  test('names an identity provider that AWS knows by itself without an ARN', async () => {
    const argv = ['provision', 'web-identity-role', 'analyst', '--issuer', 'https://accounts.google.com']
    const { stderr } = await admin([...argv, '--client-id', 'workbench', '--subject', 'alice'], { env: here.env })
    expect(stderr).not.toContain('OIDC provider')
    const [statement] = (await here.reader.role('analyst')).trust.Statement
    expect(statement.Principal).toEqual({ Federated: 'accounts.google.com' })
  })

  test('leaves inline policies alone', async () => {
    await run('--subject', 'alice')
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }] }
    const inline = { RoleName: 'analyst', PolicyName: 'mine', PolicyDocument: JSON.stringify(document) }
    await here.reader.iam.send(new PutRolePolicyCommand(inline))
    here.aws.forget()
    expect((await run('--subject', 'alice', '--policy', 'none')).stdout).toContain('= unchanged')
    expect(here.aws.writes).toEqual([])
  })
})

async function policies(): Promise<void> {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }] }
  for (const name of ['first', 'second']) {
    await here.reader.iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: JSON.stringify(document) }))
  }
  here.aws.forget()
}
