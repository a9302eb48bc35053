import { DescribeSubnetsCommand, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { CreatePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam'
import { CreateDBClusterCommand, CreateDBInstanceCommand, CreateDBProxyCommand } from '@aws-sdk/client-rds'
import { CreateClusterCommand } from '@aws-sdk/client-redshift'
import type { AwsReader } from './aws-readback.ts'

const login = { MasterUsername: 'master', MasterUserPassword: 'secret99' }

/** What stands in an account before the program comes. The account and region are those of the reader. */
export async function seedInstances({ ec2 }: AwsReader, count = 1): Promise<readonly string[]> {
  const request = new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: count, MaxCount: count })
  const { Instances = [] } = await ec2.send(request)
  return Instances.map(({ InstanceId = '' }) => InstanceId)
}

/** Answers with its resource id. */
export async function seedCluster({ rds }: AwsReader, identifier: string, more: object = {}): Promise<string> {
  // Of the versions that moto knows the classes of.
  const engine = { Engine: 'aurora-postgresql', EngineVersion: '15.2' }
  const request = new CreateDBClusterCommand({ ...login, ...engine, DBClusterIdentifier: identifier, ...more })
  return (await rds.send(request)).DBCluster?.DbClusterResourceId ?? ''
}

/** Answers with its resource id. */
export async function seedDatabaseInstance(
  { rds }: AwsReader,
  identifier: string,
  Engine = 'postgres',
  more: object = {},
): Promise<string> {
  const sizes = { DBInstanceClass: 'db.t3.micro', AllocatedStorage: 20 }
  const request = new CreateDBInstanceCommand({ ...login, ...sizes, DBInstanceIdentifier: identifier, Engine, ...more })
  return (await rds.send(request)).DBInstance?.DbiResourceId ?? ''
}

/** Answers with its resource id. */
export async function seedProxy({ ec2, rds }: AwsReader, name: string): Promise<string> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
  const request = new CreateDBProxyCommand({
    DBProxyName: name,
    EngineFamily: 'POSTGRESQL',
    RoleArn: 'arn:aws:iam::123456789012:role/proxy',
    VpcSubnetIds: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []),
    Auth: [{ IAMAuth: 'REQUIRED', SecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:s' }],
  })
  return (await rds.send(request)).DBProxy?.DBProxyArn?.split(':').at(-1) ?? ''
}

export const anyTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

/** As what that spec made carries them. */
export function ownTags(spec: string) {
  return [
    { Key: 'managed-by', Value: 'admin' },
    { Key: 'admin:spec', Value: spec },
  ]
}

export async function seedRole({ iam }: AwsReader, RoleName: string, more: object = {}): Promise<void> {
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: anyTrust, ...more }))
}

/** Answers with its ARN. */
export async function seedPolicy({ iam }: AwsReader, PolicyName: string, more: object = {}): Promise<string> {
  const Statement = [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  return (await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument, ...more }))).Policy?.Arn ?? ''
}

/** Answers with its host. */
export async function seedWarehouse({ redshift }: AwsReader, identifier: string): Promise<string> {
  const master = { MasterUsername: 'master', MasterUserPassword: 'Secret99' }
  const size = { NodeType: 'ra3.xlplus', ClusterType: 'single-node', DBName: 'dev' }
  const request = new CreateClusterCommand({ ...master, ...size, ClusterIdentifier: identifier })
  return (await redshift.send(request)).Cluster?.Endpoint?.Address ?? ''
}
