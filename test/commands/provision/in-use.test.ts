import { CreateRoleCommand, DeleteRoleCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { admin } from '../../support/admin.ts'
import type { Estate } from '../../support/estate.ts'
import { Lab, run } from '../../support/estate-lab.ts'

let lab: Lab
let estate: Estate

beforeAll(async () => {
  lab = await Lab.open('creating')
})
afterAll(() => lab.aws.stop())
beforeEach(async () => {
  estate = await lab.ready()
  expect(await provision('apply', estate.full)).toMatchObject({ exitCode: 0 })
  lab.aws.forget()
})

const provision = (verb: string, file: string, ...flags: readonly string[]) =>
  run(estate, ['provision', verb, file, '--yes', ...flags])
const arnOf = (role: string) => `arn:aws:iam::${estate.account}:role/workbench/${role}`
const assign = (user: string, role: string) => admin(['set-aws-role-arns', user, arnOf(role)], { env: estate.env })

describe('a role that people are assigned to', () => {
  test('is not destroyed, and the refusal names them', async () => {
    await assign('alice', 'analyst')
    await assign('bob', 'scientist')
    await assign('carol', 'scientist')
    const { exitCode, json } = await provision('destroy', estate.full)
    expect({ exitCode, error: json.error }).toMatchObject({ exitCode: 3, error: { code: 'REFUSED_IN_USE' } })
    expect(json.error.message).toContain(`${arnOf('analyst')} is assigned to alice`)
    expect(json.error.message).toContain(`${arnOf('scientist')} is assigned to bob, carol`)
    expect(json.error.details.roles).toEqual(
      expect.arrayContaining([
        { arn: arnOf('analyst'), users: ['alice'] },
        { arn: arnOf('scientist'), users: ['bob', 'carol'] },
      ]),
    )
    expect(lab.aws.writes).toEqual([])
  })

  test('is not destroyed where there is no store that could tell, as under a wrong name', async () => {
    const elsewhere = `${estate.env.ADMIN_DATABASE}.mistyped`
    const { exitCode, json } = await provision('destroy', estate.full, '--database', elsewhere)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_IN_USE' })
    expect(json.error.message).toContain('without a store nobody can tell')
    expect(lab.aws.writes).toEqual([])
  })

  test('is destroyed with --force; the assignment stays', async () => {
    await assign('alice', 'analyst')
    expect(await provision('destroy', estate.full, '--force')).toMatchObject({ exitCode: 0 })
    expect(await estate.reader.roleNames()).toEqual(['foreign'])
    const { stdout } = await admin(['get-aws-role-arns', 'alice'], { env: estate.env })
    expect(stdout).toBe(`${arnOf('analyst')}\n`)
  })

  test('is not removed by apply where it is no longer in the spec, unless with --force', async () => {
    await assign('bob', 'scientist')
    const { exitCode, json } = await provision('apply', estate.reduced)
    expect({ exitCode, code: json.error.code }).toEqual({ exitCode: 3, code: 'REFUSED_IN_USE' })
    expect(json.error.message).toContain(`${arnOf('scientist')} is assigned to bob`)
    expect(lab.aws.writes).toEqual([])
    expect(await provision('apply', estate.reduced, '--force')).toMatchObject({ exitCode: 0 })
    expect(await estate.reader.roleNames()).toEqual(['analyst', 'foreign'])
  })

  test('stands in nobody’s way where it stays in the spec', async () => {
    await assign('alice', 'analyst')
    expect(await provision('apply', estate.reduced)).toMatchObject({ exitCode: 0 })
  })
})

describe('the OIDC provider', () => {
  test('stays while a role of somebody else trusts it, which destroy says, and goes when none does', async () => {
    const provider = `arn:aws:iam::${estate.account}:oidc-provider/sso.example.com`
    const Statement = [{ Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity' }]
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await estate.reader.iam.send(new CreateRoleCommand({ RoleName: 'dashboard', AssumeRolePolicyDocument }))
    const before = await estate.reader.provider(provider)
    const first = await provision('destroy', estate.full)
    expect(first).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('stays: other roles trust it: dashboard'),
    })
    expect(await estate.reader.provider(provider)).toEqual(before)

    await estate.reader.iam.send(new DeleteRoleCommand({ RoleName: 'dashboard' }))
    expect(await provision('destroy', estate.full)).toMatchObject({ exitCode: 0, json: { summary: { delete: 1 } } })
    expect(await estate.reader.providers()).toEqual([])
  })
})
