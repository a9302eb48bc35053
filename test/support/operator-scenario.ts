import { AssociateIamInstanceProfileCommand } from '@aws-sdk/client-ec2'
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyVersionCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import type { AwsEmulator } from './aws-emulator.ts'
import type { AwsReader } from './aws-readback.ts'
import { seedCluster, seedDatabaseInstance, seedInstances, seedPolicy, seedProxy, seedRole } from './aws-seeds.ts'

/** The instances that the spec names: each profile has one. */
export type Instances = readonly [ofServer: string, ofBatch: string]

const unknown: Instances = ['i-0123456789abcdef0', 'i-0123456789abcdef1']

/** Three of them are too much for one role: one becomes a managed policy. */
export const longPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: Array.from({ length: 80 }, (_, index) => `arn:aws:s3:::a-bucket-whose-name-is-rather-long-${index}/*`),
  },
})

const policyArn = (name: string) => `arn:aws:iam::123456789012:policy/${name}`

const common = `version: 1
name: workbench
identityProvider:
  issuer: https://sso.example.com
  clientIds: [workbench]
  thumbprints: [${'a'.repeat(40)}]
defaults: { path: /workbench/ }
databases:
  lake: { kind: cluster, iamAuthentication: true, applyImmediately: true }
  shop: { kind: instance, iamAuthentication: true, applyImmediately: true }
`

/** A role with a policy of AWS, which an emulator has only if it is told so. */
export const awsPolicySpec = `version: 1
name: workbench
identityProvider: { issuer: "https://sso.example.com", clientIds: [workbench] }
roles: { analyst: { trust: { subjects: any }, managedPolicies: [ReadOnlyAccess] } }
`

/** Something of every other kind, so that every action that there is is needed. */
export function wholeSpec([ofServer, ofBatch]: Instances = unknown): string {
  return `${common}roles:
  plain: { trust: { subjects: any } }
  analyst:
    trust: { subjects: any }
    permissionsBoundary: "${policyArn('bounds')}"
    managedPolicies: ["${policyArn('shared')}"]
    policies:
      proxy: { rdsConnect: { database: warehouse, users: [analyst] } }
      serverless: { redshift: { workgroup: adhoc } }
      one: { document: ./custom-policy.json }
      three: { document: ./custom-policy.json }
      two: { document: ./custom-policy.json }
instanceProfiles:
  server: { instances: [${ofServer}], policies: {} }
  batch: { instances: [${ofBatch}], policies: {} }
`
}

/** What is left of it later: a role and a profile are gone. */
export function laterSpec([ofServer]: Instances = unknown): string {
  return `${common}roles:
  plain: { trust: { subjects: any } }
instanceProfiles:
  server: { instances: [${ofServer}], policies: {} }
`
}

/** What the spec does not make. */
export async function seedSurroundings(aws: AwsEmulator, reader: AwsReader): Promise<Instances> {
  aws.addWorkgroup('adhoc', '01234567-89ab-4def-8123-456789abcdef')
  const [ofServer = '', ofBatch = ''] = await seedInstances(reader, 2)
  for (const name of ['bounds', 'shared', 'billing']) await seedPolicy(reader, name)
  await seedCluster(reader, 'lake')
  await seedDatabaseInstance(reader, 'shop')
  await seedProxy(reader, 'warehouse')
  return [ofServer, ofBatch]
}

const Path = '/workbench/'
const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
})

/** All that the spec names, made by somebody else, and nothing of it as it should be. */
export async function seedContrary(reader: AwsReader, [ofServer]: Instances): Promise<void> {
  await seedContraryProvider(reader)
  await seedRole(reader, 'plain', { Path, PermissionsBoundary: policyArn('bounds') })
  await seedRole(reader, 'analyst', { Path, Description: 'other' })
  const RoleName = 'analyst'
  await reader.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policyArn('billing') }))
  await reader.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'other', PolicyDocument: document }))
  await seedContraryPolicy(reader)
  await seedContraryProfile(reader, ofServer)
}

/** A provider is only changed if it is ours. */
async function seedContraryProvider({ iam }: AwsReader): Promise<void> {
  await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: 'https://sso.example.com',
      ClientIDList: ['other'],
      ThumbprintList: ['b'.repeat(40)],
      Tags: [
        { Key: 'managed-by', Value: 'admin' },
        { Key: 'admin:spec', Value: 'workbench' },
      ],
    }),
  )
}

/** With as many versions as there may be. */
async function seedContraryPolicy(reader: AwsReader): Promise<void> {
  const PolicyArn = await seedPolicy(reader, 'analyst-one', { Path })
  for (let version = 2; version <= 5; version += 1) {
    await reader.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault: true }))
  }
}

async function seedContraryProfile(reader: AwsReader, InstanceId: string): Promise<void> {
  await seedRole(reader, 'other')
  for (const [InstanceProfileName, profilePath] of [
    ['server', Path],
    ['foreign', '/'],
  ] as const) {
    await reader.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Path: profilePath }))
    await reader.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'other' }))
  }
  const IamInstanceProfile = { Name: 'foreign' }
  await reader.ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile }))
}
