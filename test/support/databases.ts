import { DescribeDBClustersCommand, DescribeDBInstancesCommand, DescribeDBProxiesCommand } from '@aws-sdk/client-rds'
import type { AwsReader } from './aws-readback.ts'
import { seedCluster, seedDatabaseInstance, seedProxy } from './aws-seeds.ts'

/** A cluster with an instance, an instance alone, and a proxy: the ids that policies name, and the hosts. */
export async function seedDatabases(reader: AwsReader) {
  const cluster = await seedCluster(reader, 'sales')
  await seedDatabaseInstance(reader, 'sales-1', 'aurora-postgresql', { DBClusterIdentifier: 'sales' })
  const instance = await seedDatabaseInstance(reader, 'alone')
  const proxy = await seedProxy(reader, 'pool')
  return { ids: { cluster, instance, proxy }, hosts: await databaseHosts(reader) }
}

/** The policy that IAM should hold. */
export function connectDocument(resourceId: string, users: readonly string[], region = 'us-east-1') {
  const arns = users.map((user) => `arn:aws:rds-db:${region}:123456789012:dbuser:${resourceId}/${user}`)
  const Resource = arns.length === 1 ? arns[0] : arns
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Connect', Effect: 'Allow', Action: 'rds-db:connect', Resource }],
  }
}

/** The hosts of every database of the region, by identifier; those of readers with ` reader` behind it. */
export async function databaseHosts({ rds }: AwsReader): Promise<Readonly<Record<string, string>>> {
  const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({}))
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}))
  const { DBProxies = [] } = await rds.send(new DescribeDBProxiesCommand({}))
  return Object.fromEntries([
    ...DBClusters.map(({ DBClusterIdentifier, Endpoint }) => [DBClusterIdentifier, Endpoint]),
    ...DBClusters.map(({ DBClusterIdentifier, ReaderEndpoint }) => [`${DBClusterIdentifier} reader`, ReaderEndpoint]),
    ...DBInstances.map(({ DBInstanceIdentifier, Endpoint }) => [DBInstanceIdentifier, Endpoint?.Address]),
    ...DBProxies.map(({ DBProxyName, Endpoint }) => [DBProxyName, Endpoint]),
  ])
}
