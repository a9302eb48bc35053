import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  GetAccountAuthorizationDetailsCommand,
  GetInstanceProfileCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  type ManagedPolicyDetail,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { seedPolicy, seedRole } from '../../support/aws-seeds.ts'
import { type Estate, issuer } from '../../support/estate.ts'
import { otherDocument } from '../../support/estate-drift.ts'
import { Lab, run } from '../../support/estate-lab.ts'

let lab: Lab
let estate: Estate

beforeAll(async () => {
  lab = await Lab.open('creating')
})
afterAll(() => lab.aws.stop())
beforeEach(async () => {
  estate = await lab.ready()
})

const ofAnother = [
  { Key: 'managed-by', Value: 'admin' },
  { Key: 'admin:spec', Value: 'estate-2' },
]
const provision = (verb: string, file: string) => run(estate, ['provision', verb, file, '--yes'])

/** Named so that they could be taken for ours: without tags, with half of ours, and of another spec. */
async function seedNeighbours({ reader }: Estate): Promise<void> {
  const { iam } = reader
  const Path = '/workbench/'
  await seedRole(reader, 'analyst-2', { Path, Tags: [{ Key: 'managed-by', Value: 'admin' }] })
  await seedRole(reader, 'scientist-2', { Path, Tags: ofAnother })
  await seedPolicy(reader, 'analyst-notes', { Path })
  const PolicyArn = await seedPolicy(reader, 'scientist-notes', { Path, Tags: ofAnother })
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'scientist-2', PolicyArn }))
  const inline = { RoleName: 'analyst-2', PolicyName: 'files', PolicyDocument: otherDocument }
  await iam.send(new PutRolePolicyCommand(inline))
  const profile = { InstanceProfileName: 'connect-2', Path, Tags: ofAnother }
  await iam.send(new CreateInstanceProfileCommand(profile))
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'connect-2', RoleName: 'scientist-2' }))
  const provider = { Url: `${issuer}/`, ClientIDList: ['workbench'], ThumbprintList: ['ef'.repeat(20)] }
  await iam.send(new CreateOpenIDConnectProviderCommand(provider))
}

/** All that AWS says of them. */
async function neighbours({ account, reader: { iam } }: Estate) {
  const details = await iam.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ['Role', 'LocalManagedPolicy'], MaxItems: 1000 }),
  )
  const isNeighbour = (name = '') => /-2$|-notes$|^foreign$|^ceiling$|^reading$/.test(name)
  const roles = ['analyst-2', 'scientist-2', 'foreign'].map((RoleName) => iam.send(new GetRoleCommand({ RoleName })))
  const arn = { OpenIDConnectProviderArn: `arn:aws:iam::${account}:oidc-provider/sso.example.com/` }
  return {
    roles: (await Promise.all(roles)).map(({ Role }) => ({ ...Role, RoleLastUsed: null })),
    details: details.RoleDetailList?.filter(({ RoleName }) => isNeighbour(RoleName)),
    policies: details.Policies?.filter(({ PolicyName }) => isNeighbour(PolicyName)).map(withoutCount),
    profile: (await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: 'connect-2' }))).InstanceProfile,
    provider: withoutMetadata(await iam.send(new GetOpenIDConnectProviderCommand(arn))),
  }
}

/** How many roles have it is not the policy's own. */
function withoutCount(policy: ManagedPolicyDetail) {
  return { ...policy, AttachmentCount: null, PermissionsBoundaryUsageCount: null }
}

function withoutMetadata<T extends object>(answer: T) {
  return { ...answer, $metadata: null }
}

describe('what is not ours', () => {
  test('is as it was after apply, apply of less, and destroy', async () => {
    await seedNeighbours(estate)
    expect(await provision('apply', estate.full)).toMatchObject({ exitCode: 0 })
    const before = await neighbours(estate)
    expect(await provision('apply', estate.reduced)).toMatchObject({ exitCode: 0 })
    expect(await neighbours(estate)).toEqual(before)
    expect(await provision('destroy', estate.full)).toMatchObject({ exitCode: 0 })
    expect(await estate.reader.roleNames()).toEqual(['analyst-2', 'foreign', 'scientist-2'])
    expect(await estate.reader.instanceProfileNames()).toEqual(['connect-2', 'foreign'])
    expect(await neighbours(estate)).toEqual(before)
  })

  test('is the provider that somebody else made, even of our issuer', async () => {
    const provider = { Url: issuer, ClientIDList: ['workbench', 'connect'], ThumbprintList: ['ef'.repeat(20)] }
    await estate.reader.iam.send(new CreateOpenIDConnectProviderCommand(provider))
    const arn = { OpenIDConnectProviderArn: `arn:aws:iam::${estate.account}:oidc-provider/sso.example.com` }
    const look = async () => withoutMetadata(await estate.reader.iam.send(new GetOpenIDConnectProviderCommand(arn)))
    const before = await look()
    expect(await provision('apply', estate.full)).toMatchObject({ exitCode: 0 })
    expect(await provision('destroy', estate.full)).toMatchObject({ exitCode: 0 })
    expect(await look()).toEqual(before)
  })
})

describe('what is ours', () => {
  test('goes although somebody changed whom it trusts: no instance profile is left behind', async () => {
    await provision('apply', estate.full)
    const Statement = [{ Effect: 'Allow', Principal: { AWS: estate.account }, Action: 'sts:AssumeRole' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await estate.reader.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'connect', PolicyDocument }))
    expect(await provision('apply', estate.reduced)).toMatchObject({ exitCode: 0 })
    expect(await estate.reader.instanceProfileNames()).toEqual(['foreign'])
    expect(await estate.reader.associations()).toEqual({})
  })
})
