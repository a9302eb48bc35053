import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts'
import { providerArn, provisionBench } from '../../support/provision-bench.ts'
import { type SsoHost, ssoHost } from '../../support/sso-host.ts'

const bench = provisionBench()
let idp: IdentityProvider
let host: SsoHost

beforeAll(async () => {
  const people = ['alice', 'bob', 'carol'].map((name) => [name, { preferred_username: name }])
  const asserted = { preferred_username: 'dave', aws_role_arn: [role] }
  idp = await startIdentityProvider({ accounts: { ...Object.fromEntries(people), dave: asserted } })
})
afterAll(() => idp.stop())
beforeEach(() => {
  host = ssoHost(idp.issuer)
})

const role = 'arn:aws:iam::123456789012:role/workbench/analyst'
const spec = () => bench.spec({ analyst: { trust: { subjects: 'assigned' } } }, { defaults: { path: '/workbench/' } })
const provision = (...argv: readonly string[]) =>
  host.run(['provision', ...argv], { env: { ...bench.env, ...host.env } })
const assign = (user: string, ...flags: readonly string[]) => host.run(['set-aws-role-arns', user, role, ...flags])
const logIn = async (user: string) => host.apply(await idp.login(user))

const statement = async () => (await bench.reader.role('analyst')).trust.Statement
const trusts = (subjects: string | readonly string[]) => [
  {
    Effect: 'Allow',
    Principal: { Federated: providerArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { 'sso.example.com:aud': 'workbench', 'sso.example.com:sub': subjects } },
  },
]
const nobody = [{ Effect: 'Deny', Principal: { Federated: providerArn }, Action: 'sts:AssumeRoleWithWebIdentity' }]

describe('a role whose trust says "subjects: assigned"', () => {
  test('trusts the subjects of those to whom the store assigns it, whoever is unset leaves', async () => {
    for (const user of ['bob', 'alice']) {
      await assign(user)
      await logIn(user)
    }
    const file = spec()
    expect(await provision('apply', file, '--yes')).toMatchObject({ exitCode: 0 })
    expect(await statement()).toEqual(trusts(['alice', 'bob']))
    expect((await provision('plan', file)).stdout).toMatch(/\nnothing to do\n$/)

    await host.run(['unset-aws-role-arns', 'bob'])
    const { stdout, stderr } = await provision('plan', file)
    expect(stdout).toMatch(/\n {6}- Allow .*sub: alice, bob\n {6}\+ Allow .*sub: alice\n/s)
    expect(stderr).not.toContain('more people')
    await provision('apply', file, '--yes')
    expect(await statement()).toEqual(trusts('alice'))

    await assign('carol')
    await logIn('carol')
    const wider = await provision('plan', file)
    expect(wider.stderr).toContain(
      'Warning: the role "analyst" lets in more people than before: StringEquals sso.example.com:sub may now also be carol\n  assigned to it: alice, carol\n',
    )
  })

  test('trusts nobody while nobody is assigned, and says so', async () => {
    const { stderr, exitCode } = await provision('apply', spec(), '--yes')
    expect(exitCode).toBe(0)
    expect(stderr).toContain(`nobody is assigned to "${role}", so it trusts nobody until somebody is`)
    expect(await statement()).toEqual(nobody)
  })

  test('trusts nobody again after the last one is unset', async () => {
    await assign('alice')
    await logIn('alice')
    const file = spec()
    await provision('apply', file, '--yes')
    await host.run(['unset-aws-role-arns', 'alice'])
    const { stderr } = await provision('apply', file, '--yes')
    expect(stderr).not.toContain('more people')
    expect(await statement()).toEqual(nobody)
  })

  test('names those who are assigned and have never logged in, and trusts the others', async () => {
    await assign('alice')
    await logIn('alice')
    await assign('bob')
    await assign('carol')
    const file = spec()
    const { stderr } = await provision('apply', file, '--yes')
    expect(stderr).toContain(
      `"${role}" does not trust bob, carol: assigned, but their subject is known only after an SSO login`,
    )
    expect(await statement()).toEqual(trusts('alice'))
  })

  test('trusts nobody where all who are assigned have yet to log in', async () => {
    await assign('alice')
    const { stderr } = await provision('apply', spec(), '--yes')
    expect(stderr).toContain('does not trust alice')
    expect(await statement()).toEqual(nobody)
  })

  test('does not count an assignment that has expired', async () => {
    await assign('alice')
    await logIn('alice')
    await assign('bob', '--expires', '1s')
    await logIn('bob')
    while ((await host.runJson(['get-aws-role-arns', 'bob'])).json.source !== null);
    await provision('apply', spec(), '--yes')
    expect(await statement()).toEqual(trusts('alice'))
  })

  test('does not count another role, nor the same name in another path or account', async () => {
    await assign('alice')
    await logIn('alice')
    const others = ['arn:aws:iam::123456789012:role/analyst', 'arn:aws:iam::210987654321:role/workbench/analyst']
    await host.run(['set-aws-role-arns', 'bob', others.join(',')])
    await logIn('bob')
    await provision('apply', spec(), '--yes')
    expect(await statement()).toEqual(trusts('alice'))
  })

  test('is known by the roles that the token itself asserts, too', async () => {
    await logIn('dave')
    await provision('apply', spec(), '--yes')
    expect(await statement()).toEqual(trusts('dave'))
  })

  test('trusts nobody where there is no store at all', async () => {
    const env = { ...bench.env, ADMIN_DATABASE: join(host.directory, 'none', 'admin.db') }
    const { stdout, stderr } = await host.run(['provision', 'plan', spec()], { env })
    expect(stdout).toContain('+ Deny sts:AssumeRoleWithWebIdentity')
    expect(stderr).toContain('there is no store yet')
  })
})
