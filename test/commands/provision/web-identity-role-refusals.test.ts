import { AttachRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from '@jest/globals'
import { seedPolicy, seedRole } from '../../support/aws-seeds.ts'
import { issuer, providerArn, provisionBench } from '../../support/provision-bench.ts'

const bench = provisionBench()
const ours = { 'managed-by': 'admin', 'admin:spec': 'command-line' }
const provision = (argv: readonly string[]) => [
  ...['provision', 'web-identity-role', 'analyst', '--issuer', issuer, '--client-id', 'workbench'],
  ...argv,
]
const run = (...argv: readonly string[]) => bench.run(provision(argv))
const runJson = (...argv: readonly string[]) => bench.runJson(provision(argv))

describe('provision web-identity-role', () => {
  test('refuses an existing role without our tag, and takes it over with --adopt', async () => {
    const attached = await seedPolicy(bench.reader, 'first')
    await seedRole(bench.reader, 'analyst', { Tags: [{ Key: 'team', Value: 'data' }] })
    await bench.reader.iam.send(new AttachRolePolicyCommand({ RoleName: 'analyst', PolicyArn: attached }))
    bench.aws.forget()
    const refused = await runJson('--subject', 'alice')
    expect(refused).toMatchObject({ exitCode: 3, json: { error: { code: 'REFUSED_NOT_OURS' } } })
    expect(refused.json.error.message).toMatch(/"analyst".*does not carry our tag\n--adopt.*\nnothing was changed/)
    expect(bench.aws.writes).toEqual([])

    const { json } = await runJson('--subject', 'alice', '--adopt')
    expect(json.changes[0]).toMatchObject({ action: 'update', status: 'done' })
    expect(json.changes[0].fields).toContainEqual({ path: 'tags.managed-by', before: null, after: 'admin' })
    expect(bench.aws.writes).toEqual(['TagRole', 'UpdateAssumeRolePolicy'])
    const { tags, trust: now, policies } = await bench.reader.role('analyst')
    expect({ tags, now, attached: policies }).toEqual({
      tags: { team: 'data', ...ours },
      now: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: providerArn },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: { StringEquals: { 'sso.example.com:aud': 'workbench', 'sso.example.com:sub': 'alice' } },
          },
        ],
      },
      attached: [attached],
    })

    bench.aws.forget()
    expect((await run('--subject', 'alice')).stdout).toContain('= unchanged')
    expect(bench.aws.writes).toEqual([])
  })

  test('refuses a role of another spec', async () => {
    await seedRole(bench.reader, 'analyst', {
      Tags: [
        { Key: 'managed-by', Value: 'admin' },
        { Key: 'admin:spec', Value: 'workbench-prod' },
      ],
    })
    const { json, exitCode } = await runJson('--dry-run')
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_NOT_OURS' })
    expect(json.error.message).toContain('it belongs to the spec "workbench-prod"')
  })

  test('refuses another path: IAM cannot change it, and nothing is recreated', async () => {
    await run('--subject', 'alice', '--path', '/one/')
    bench.aws.forget()
    const { json, exitCode } = await runJson('--subject', 'alice', '--path', '/two/')
    expect(exitCode).toBe(3)
    expect(json.error.message).toContain('has the path "/one/", not "/two/"; IAM cannot change the path of a role')
    expect(bench.aws.writes).toEqual([])
    expect((await run('--subject', 'alice')).stdout).toContain('\narn:aws:iam::123456789012:role/one/analyst\n')
  })

  test('refuses a trust policy over the quota of the account before it writes, with the counts', async () => {
    const many = Array.from({ length: 150 }, (_, index) => `person-${index}@corp.example.com`)
    const { json, exitCode } = await runJson('--subject', ...many)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_QUOTA' })
    expect(json.error.details).toMatchObject({
      role: 'analyst',
      sizes: [{ of: 'trust policy', quota: 2048, count: 4661 }],
    })
    expect(json.error.message).toContain(
      'the trust policy of the role "analyst" would have 4661 characters, account 123456789012 allows 2048',
    )
    expect(bench.aws.actions).toContain('GetAccountSummary')
    expect(bench.aws.writes).toEqual([])
  })
})
