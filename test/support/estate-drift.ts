import {
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
  ReplaceIamInstanceProfileAssociationCommand,
} from '@aws-sdk/client-ec2'
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyVersionCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyVersionCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  UntagInstanceProfileCommand,
  UntagPolicyCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam'
import { ModifyDBClusterCommand, ModifyDBInstanceCommand } from '@aws-sdk/client-rds'
import { anyTrust } from './aws-seeds.ts'
import { type Estate, issuer } from './estate.ts'

const Statement = [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }]
/** Of a policy that no spec here asks for. */
export const otherDocument = JSON.stringify({ Version: '2012-10-17', Statement })

/** One change behind the back of `apply`, and the fields in which a plan shows it; ids as `stateOf` numbers them. */
export interface Drift {
  readonly title: string
  readonly kind: string
  readonly name: string
  readonly paths: readonly string[]
  readonly make: (estate: Estate) => Promise<unknown>
}

const analyst = { kind: 'web-identity-role', name: 'analyst' }
const role = { RoleName: 'analyst' }
const connect = { kind: 'instance-profile', name: 'connect' }
const profile = { InstanceProfileName: 'connect' }
const off = { EnableIAMDatabaseAuthentication: false, ApplyImmediately: true }

/** Everything that `apply` can repair. None is in the way of another; each starts from what is whole. */
export const drifts: readonly Drift[] = [
  {
    title: 'a provider without one of its client ids, and with other thumbprints',
    kind: 'oidc-provider',
    name: issuer,
    paths: ['clientIds', 'thumbprints'],
    make: driftProvider,
  },
  {
    title: 'a tag of a role that is gone',
    ...analyst,
    paths: ['tags.team'],
    make: ({ reader: { iam } }) => iam.send(new UntagRoleCommand({ ...role, TagKeys: ['team'] })),
  },
  {
    title: 'a trust policy of something else',
    ...analyst,
    paths: ['trustPolicy'],
    make: ({ reader: { iam } }) => iam.send(new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument: anyTrust })),
  },
  {
    title: 'another description and duration',
    ...analyst,
    paths: ['description', 'maxSessionDuration'],
    make: ({ reader: { iam } }) =>
      iam.send(new UpdateRoleCommand({ ...role, Description: 'Somebody', MaxSessionDuration: 7200 })),
  },
  {
    title: 'another boundary',
    ...analyst,
    paths: ['permissionsBoundary'],
    make: (estate) => putBoundary(estate, 'analyst', 'reading'),
  },
  {
    title: 'a boundary where there should be none',
    kind: 'web-identity-role',
    name: 'scientist',
    paths: ['permissionsBoundary'],
    make: (estate) => putBoundary(estate, 'scientist', 'ceiling'),
  },
  {
    title: 'an inline policy that was edited',
    ...analyst,
    paths: ['policies.files'],
    make: ({ reader: { iam } }) =>
      iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'files', PolicyDocument: otherDocument })),
  },
  {
    title: 'an inline policy that was added',
    ...analyst,
    paths: ['policies.intruder'],
    make: ({ reader: { iam } }) =>
      iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'intruder', PolicyDocument: otherDocument })),
  },
  {
    title: 'an inline policy that is gone',
    ...analyst,
    paths: ['policies.sales'],
    make: ({ reader: { iam } }) => iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName: 'sales' })),
  },
  {
    title: 'a managed policy in the place of another',
    ...analyst,
    paths: ['managedPolicies'],
    make: async (estate) => {
      await estate.reader.iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn: own(estate, 'reading') }))
      await estate.reader.iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn: own(estate, 'ceiling') }))
    },
  },
  {
    title: 'a tag of a policy that is gone',
    kind: 'managed-policy',
    name: 'analyst-queries',
    paths: ['tags.team'],
    make: (estate) =>
      estate.reader.iam.send(
        new UntagPolicyCommand({ PolicyArn: own(estate, 'workbench/analyst-queries'), TagKeys: ['team'] }),
      ),
  },
  {
    title: 'another document of a policy, and no room for one more version',
    kind: 'managed-policy',
    name: 'analyst-queries',
    paths: ['document'],
    make: (estate) => addVersions(estate, 'analyst-queries', 4),
  },
  {
    title: 'another document of a policy',
    kind: 'managed-policy',
    name: 'scientist-queries',
    paths: ['document'],
    make: (estate) => addVersions(estate, 'scientist-queries', 1),
  },
  {
    title: 'a tag of an instance profile that is gone',
    ...connect,
    paths: ['tags.team'],
    make: ({ reader: { iam } }) => iam.send(new UntagInstanceProfileCommand({ ...profile, TagKeys: ['team'] })),
  },
  {
    title: 'another role in an instance profile',
    ...connect,
    paths: ['role'],
    make: async ({ reader: { iam } }) => {
      await iam.send(new RemoveRoleFromInstanceProfileCommand({ ...profile, RoleName: 'connect' }))
      await iam.send(new AddRoleToInstanceProfileCommand({ ...profile, RoleName: 'foreign' }))
    },
  },
  {
    title: 'another instance profile on an instance, and none on another',
    ...connect,
    paths: ['instances.ID-1', 'instances.ID-2'],
    make: driftAssociations,
  },
  {
    title: 'a cluster without IAM authentication',
    kind: 'iam-database-authentication',
    name: 'sales',
    paths: ['iamDatabaseAuthentication'],
    make: ({ reader: { rds } }) => rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: 'sales', ...off })),
  },
  {
    title: 'an instance without IAM authentication',
    kind: 'iam-database-authentication',
    name: 'stock',
    paths: ['iamDatabaseAuthentication'],
    make: ({ reader: { rds } }) => rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'stock', ...off })),
  },
]

/** All at once. */
export async function drift(estate: Estate): Promise<void> {
  await Promise.all(drifts.map(({ make }) => make(estate)))
}

function own({ account }: Estate, name: string): string {
  return `arn:aws:iam::${account}:policy/${name}`
}

function putBoundary(estate: Estate, RoleName: string, policy: string): Promise<unknown> {
  const request = { RoleName, PermissionsBoundary: own(estate, policy) }
  return estate.reader.iam.send(new PutRolePermissionsBoundaryCommand(request))
}

/** moto cannot take a client id away. */
async function driftProvider({ account, reader: { iam } }: Estate): Promise<void> {
  const OpenIDConnectProviderArn = `arn:aws:iam::${account}:oidc-provider/${issuer.slice('https://'.length)}`
  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))
  await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: issuer,
      ClientIDList: ['workbench'],
      ThumbprintList: ['cd'.repeat(20)],
      Tags: [
        { Key: 'managed-by', Value: 'admin' },
        { Key: 'admin:spec', Value: 'estate' },
      ],
    }),
  )
}

/** So many beside the one that it has; the last is the default one. A policy may have five. */
export async function addVersions(estate: Estate, name: string, count: number): Promise<void> {
  const { reader } = estate
  const PolicyArn = own(estate, `workbench/${name}`)
  const { versions, defaultVersion } = await reader.policy(PolicyArn)
  for (const VersionId of versions.filter((version) => version !== defaultVersion))
    await reader.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
  for (let index = 0; index < count; index += 1)
    await reader.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: otherDocument, SetAsDefault: true }),
    )
}

async function driftAssociations({ instances, reader: { ec2 } }: Estate): Promise<void> {
  const { IamInstanceProfileAssociations: all = [] } = await ec2.send(
    new DescribeIamInstanceProfileAssociationsCommand({}),
  )
  const [first, second] = instances.map((instance) => all.find(({ InstanceId }) => InstanceId === instance))
  const foreign = { AssociationId: first?.AssociationId, IamInstanceProfile: { Name: 'foreign' } }
  await ec2.send(new ReplaceIamInstanceProfileAssociationCommand(foreign))
  await ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId: second?.AssociationId }))
}
