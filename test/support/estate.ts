import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand } from '@aws-sdk/client-iam'
import { type AwsEmulator, awsEnvironment } from './aws-emulator.ts'
import { AwsReader } from './aws-readback.ts'
import { seedCluster, seedDatabaseInstance, seedInstances, seedPolicy, seedRole } from './aws-seeds.ts'
import { specFile } from './spec-file.ts'

/**
 * An account of the emulator that has nothing of a spec yet, beside the spec: whoever applies it, repairs it and
 * destroys it sends every kind of call there is. Its events go to a store of its own.
 */
export interface Estate {
  readonly account: string
  readonly env: Readonly<Record<string, string>>
  readonly reader: AwsReader
  /** Ids of two, without profiles. */
  readonly instances: readonly string[]
  /** The spec. */
  readonly full: string
  /** The same, later: without the role `scientist` and the instance profile. */
  readonly reduced: string
}

/** Room for some of the inline policies: the largest of each role becomes a managed one. */
const ROLE_POLICY_SIZE = 700

export const issuer = 'https://sso.example.com'

export async function newEstate(aws: AwsEmulator, account: string): Promise<Estate> {
  const env = { ...awsEnvironment(aws, account), ADMIN_DATABASE: join(aws.directory, randomUUID(), 'admin.db') }
  const reader = new AwsReader(env)
  aws.setQuota('RolePolicySizeQuota', ROLE_POLICY_SIZE)
  const [instances] = await Promise.all([
    seedInstances(reader, 2),
    seedCluster(reader, 'sales'),
    seedDatabaseInstance(reader, 'stock'),
    seedPolicy(reader, 'ceiling'),
    seedPolicy(reader, 'reading'),
    seedForeignProfile(reader),
  ])
  const text = specText(account, instances)
  const full = specFile(aws.directory, [...text.always, ...text.roles, ...text.profiles].join('\n'))
  const reduced = specFile(aws.directory, text.always.join('\n'))
  return { account, env, reader, instances, full, reduced }
}

/** Somebody else's, to be put in the place of ours. */
async function seedForeignProfile(reader: AwsReader): Promise<void> {
  const name = { InstanceProfileName: 'foreign' }
  await Promise.all([seedRole(reader, 'foreign'), reader.iam.send(new CreateInstanceProfileCommand(name))])
  await reader.iam.send(new AddRoleToInstanceProfileCommand({ ...name, RoleName: 'foreign' }))
}

function specText(account: string, instances: readonly string[]) {
  const queries = 'queries: { athena: { workgroup: primary, databases: [sales], results: s3://demo-results/athena } }'
  const files = 'files: { s3: { bucket: demo-projects, prefix: team-a, access: read-write } }'
  return {
    always: [
      'version: 1',
      'name: estate',
      `identityProvider: { issuer: ${issuer}, clientIds: [workbench, connect], thumbprints: ['${'ab'.repeat(20)}'] }`,
      'defaults: { path: /workbench/, tags: { team: data } }',
      'databases:',
      '  sales: { kind: cluster, iamAuthentication: true, applyImmediately: true }',
      '  stock: { kind: instance, iamAuthentication: true, applyImmediately: true }',
      'roles:',
      '  analyst:',
      '    description: Analysts',
      '    maxSessionDuration: 4h',
      `    permissionsBoundary: arn:aws:iam::${account}:policy/ceiling`,
      '    trust: { subjects: [alice, bob] }',
      `    managedPolicies: ['arn:aws:iam::${account}:policy/reading']`,
      `    policies: { ${queries}, ${files}, sales: { rdsConnect: { database: sales, users: [analyst] } } }`,
    ],
    roles: ['  scientist:', '    trust: { subjects: any }', `    policies: { ${queries}, ${files} }`],
    profiles: ['instanceProfiles:', `  connect: { instances: [${instances.join(', ')}], policies: { ${files} } }`],
  }
}

/** What is there, as clients of the test's own see it; ids that differ from estate to estate are numbered. */
export async function stateOf(estate: Estate) {
  const { reader } = estate
  const [roles, policies, providers] = await Promise.all([reader.roleNames(), reader.policies(), reader.providers()])
  const [associations, cluster, instance, ...iam] = await Promise.all([
    reader.associations(),
    reader.cluster('sales'),
    reader.databaseInstance('stock'),
    byName(roles, async (name) => ({ ...(await reader.role(name)), inline: await reader.rolePolicies(name) })),
    byName(policies, async (arn) => {
      const { versions, defaultVersion: _, ...policy } = await reader.policy(arn)
      return { ...policy, versions: versions.length }
    }),
    byName(providers, (arn) => reader.provider(arn)),
    byName(await reader.instanceProfileNames(), (name) => reader.instanceProfile(name)),
  ])
  const names = { [cluster.resourceId ?? '']: 'CLUSTER', [instance.resourceId ?? '']: 'INSTANCE' }
  return numbered(estate, { associations, cluster, instance, iam }, names)
}

/** A value with numbers in the place of what differs from estate to estate, and without ids of roles. */
export function numbered(estate: Estate, value: object, names: Readonly<Record<string, string>> = {}) {
  const text = JSON.stringify(value, (key, part) => (key === 'id' ? undefined : part))
  const ids = [estate.account, ...estate.instances].map((id, index) => [id, `ID-${index}`] as const)
  return JSON.parse([...ids, ...Object.entries(names)].reduce((seen, [id, name]) => seen.replaceAll(id, name), text))
}

async function byName<T>(names: readonly string[], read: (name: string) => Promise<T>): Promise<Record<string, T>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)))
}
