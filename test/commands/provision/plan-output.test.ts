import { stripVTControlCharacters } from 'node:util'
import { PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from '@jest/globals'
import { awsEnvironment } from '../../support/aws-emulator.ts'
import { AwsReader } from '../../support/aws-readback.ts'
import { seedRole } from '../../support/aws-seeds.ts'
import { providerArn, provisionBench, roleFor } from '../../support/provision-bench.ts'

const bench = provisionBench()
const ours = [
  { Key: 'managed-by', Value: 'admin' },
  { Key: 'admin:spec', Value: 'workbench-prod' },
]
const plan = (spec: string, flags: readonly string[] = [], env = {}) =>
  bench.run(['provision', 'plan', spec, ...flags], env)
const apply = (spec: string) => bench.run(['provision', 'apply', spec, '--yes'])

/** One role of each action, and the provider unchanged. */
async function everyAction(): Promise<string> {
  await apply(bench.spec({ changed: roleFor('alice'), gone: roleFor('alice'), same: roleFor('alice') }))
  bench.aws.forget()
  return bench.spec({
    added: roleFor('alice'),
    changed: { ...roleFor('alice'), maxSessionDuration: '4h' },
    same: roleFor('alice'),
  })
}

describe('the text of a plan', () => {
  test('says what becomes of each resource, field by field, and ends with the sum', async () => {
    const { stdout, exitCode } = await plan(await everyAction())
    expect({ lines: stdout.split('\n'), exitCode }).toEqual({
      exitCode: 0,
      lines: [
        'account 123456789012 (aws, us-east-1)',
        '= unchanged oidc-provider https://sso.example.com',
        '+ create web-identity-role added',
        '    arn: arn:aws:iam::123456789012:role/added',
        '    path: /',
        '    trustPolicy:',
        '      + Allow sts:AssumeRoleWithWebIdentity',
        `          Principal Federated: ${providerArn}`,
        '          StringEquals sso.example.com:aud: workbench',
        '          StringEquals sso.example.com:sub: alice',
        '    maxSessionDuration: 1h',
        '    tags: managed-by=admin, admin:spec=workbench-prod',
        '    trust policy: 277 of 2048 characters',
        '~ update web-identity-role changed',
        '    maxSessionDuration: 1h -> 4h',
        '    trust policy: 277 of 2048 characters',
        '= unchanged web-identity-role same',
        '- delete web-identity-role gone',
        '    trustPolicy:',
        '      - Allow sts:AssumeRoleWithWebIdentity',
        `          Principal Federated: ${providerArn}`,
        '          StringEquals sso.example.com:aud: workbench',
        '          StringEquals sso.example.com:sub: alice',
        '1 to create, 1 to update, 1 to delete, 2 unchanged; nothing was changed',
        '',
      ],
    })
    expect(bench.aws.writes).toEqual([])
  })

  test('has the same words in colour', async () => {
    const spec = await everyAction()
    const colour = { FORCE_COLOR: '1', NO_COLOR: undefined as unknown as string }
    const [plain, coloured] = [await plan(spec), await plan(spec, [], colour)]
    expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout)
    for (const [code, line] of [
      [32, '+ create web-identity-role added'],
      [33, '~ update web-identity-role changed'],
      [31, '- delete web-identity-role gone'],
    ])
      expect(coloured.stdout).toContain(`\u001b[${code}m${line}\u001b[39m\n`)
    expect(coloured.stdout).toContain('\n= unchanged web-identity-role same\n')
    expect(JSON.parse((await plan(spec, ['--json'], colour)).stdout).summary).toMatchObject({ create: 1 })
  })

  test('goes account by account', async () => {
    const keys = awsEnvironment(bench.aws, '210987654321')
    const other = new AwsReader(keys)
    await seedRole(other, 'provisioner')
    const accounts = {
      '123456789012': { region: 'us-east-1' },
      '210987654321': { assumeRole: 'arn:aws:iam::210987654321:role/provisioner', region: 'us-west-2' },
    }
    const { stdout } = await plan(
      bench.spec({ both: roleFor('alice'), one: { ...roleFor('alice'), accounts: ['210987654321'] } }, { accounts }),
    )
    expect(stdout.split('\n').filter((line) => /^\S/.test(line))).toEqual([
      'account 123456789012 (aws, us-east-1)',
      '+ create oidc-provider https://sso.example.com',
      '+ create web-identity-role both',
      'account 210987654321 (aws, us-west-2)',
      '+ create oidc-provider https://sso.example.com',
      '+ create web-identity-role both',
      '+ create web-identity-role one',
      '5 to create; nothing was changed',
    ])
  })

  test('--detailed-exit-code is 5 where something would change, and 0 where nothing would', async () => {
    const spec = bench.spec({ analyst: roleFor('alice') })
    for (const flags of [[], ['--json']])
      expect(await plan(spec, ['--detailed-exit-code', ...flags])).toMatchObject({ exitCode: 5 })
    expect((await plan(spec)).exitCode).toBe(0)
    await apply(spec)
    expect((await plan(spec, ['--detailed-exit-code'])).exitCode).toBe(0)
  })

  test('takes policies for what they mean: order, lists of one and the case of actions are no difference', async () => {
    const policies = { files: { s3: { bucket: 'demo-projects', prefix: 'a', access: 'read-write' } } }
    const spec = bench.spec({ analyst: { ...roleFor('bob', 'alice'), policies } })
    await apply(spec)
    const { files } = await bench.reader.rolePolicies('analyst')
    await bench.reader.iam.send(
      new PutRolePolicyCommand({ RoleName: 'analyst', PolicyName: 'files', PolicyDocument: respelled(files) }),
    )
    const { trust } = await bench.reader.role('analyst')
    await bench.reader.iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'analyst', PolicyDocument: respelled(trust) }),
    )
    expect((await plan(spec)).stdout).toMatch(/\n= unchanged web-identity-role analyst\nnothing to do\n$/)
  })

  test('escapes what came from AWS, and so do failures and progress', async () => {
    await seedRole(bench.reader, 'analyst', { Description: 'old\u202e\u2028role', Tags: ours })
    const message = 'no \u202e\u009b2J entry'
    bench.aws.inject({ action: 'UpdateRole', kind: { status: 409, code: 'DeleteConflict', message }, times: 99 })
    const spec = bench.spec({ analyst: { ...roleFor('alice'), description: 'new' } })
    expect((await plan(spec)).stdout).toContain('    description: old\\u{202e}\\u{2028}role -> new\n')
    const { stdout, stderr } = await apply(spec)
    expect(stdout).toContain('no \\u{202e}\\u{9b}2J entry')
    expect(stderr).toContain('no \\u{202e}\\u{9b}2J entry')
    expect(`${stdout}${stderr}`).not.toMatch(/[\p{Cf}\u0080-\u009f\u2028]/u)
  })
})

/** The same policy as somebody else could have written it. */
function respelled({ Statement, ...others }: { Statement: readonly Record<string, unknown>[] }): string {
  const flip = (value: unknown) => (Array.isArray(value) ? value.toReversed() : [value])
  const statements = Statement.map(({ Action, Resource, Condition, ...rest }) => ({
    ...(Condition !== undefined && { Condition }),
    ...(Resource !== undefined && { Resource: flip(Resource) }),
    // moto knows the actions of trust policies only as they are written.
    Action: flip(Action).map((action) => (String(action).startsWith('sts:') ? action : String(action).toUpperCase())),
    ...rest,
  }))
  return JSON.stringify({ Statement: statements.toReversed(), ...others }, null, 2)
}
