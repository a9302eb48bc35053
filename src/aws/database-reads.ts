import type { DBCluster, DBInstance, DBProxy } from '@aws-sdk/client-rds'
import type { DatabaseReads, ObservedDatabase } from '../provisioning/aws-port.ts'
import { type Ask, everyPage, orNull } from './ask.ts'
import type { Clients, Rds } from './clients.ts'

export function databaseReads(clients: Clients, ask: Ask): DatabaseReads {
  return {
    async describeDatabase(kind, identifier, region) {
      const rds = await clients.rds(region)
      if (kind === 'cluster') return describeCluster(rds, ask, identifier)
      return kind === 'instance' ? describeInstance(rds, ask, identifier) : describeProxy(rds, ask, identifier)
    },

    async supportsIamAuthentication(database) {
      if (database.kind === 'proxy') return null
      // Aurora user guide, "Aurora Serverless v1 limitations".
      if (database.engineMode === 'serverless') return false
      return hasOptionWithIam(await clients.rds(regionOf(database.arn)), ask, database)
    },

    async getWorkgroupId(name) {
      const { client, sdk } = await clients.redshiftServerless()
      const request = new sdk.GetWorkgroupCommand({ workgroupName: name })
      const asked = ask('redshift-serverless:GetWorkgroup', `workgroup ${name}`, () => client.send(request))
      return (await orNull(asked))?.workgroup?.workgroupId ?? null
    },
  }
}

async function describeCluster({ client, sdk }: Rds, ask: Ask, identifier: string): Promise<ObservedDatabase | null> {
  const request = new sdk.DescribeDBClustersCommand({ DBClusterIdentifier: identifier })
  const answer = await orNull(ask('rds:DescribeDBClusters', `cluster ${identifier}`, () => client.send(request)))
  const [cluster] = answer?.DBClusters ?? []
  return cluster === undefined ? null : ofCluster(cluster)
}

/** Custom endpoints are left out: IAM authentication does not work with them (Aurora user guide). */
function ofCluster(cluster: DBCluster): ObservedDatabase {
  return {
    kind: 'cluster',
    identifier: cluster.DBClusterIdentifier ?? '',
    arn: cluster.DBClusterArn ?? '',
    resourceId: cluster.DbClusterResourceId ?? '',
    endpoints: [cluster.Endpoint, cluster.ReaderEndpoint].filter((endpoint) => endpoint !== undefined),
    status: cluster.Status ?? '',
    engine: cluster.Engine ?? '',
    engineVersion: cluster.EngineVersion ?? '',
    engineMode: cluster.EngineMode ?? null,
    instanceClass: cluster.DBClusterInstanceClass ?? null,
    cluster: null,
    iamAuthentication: cluster.IAMDatabaseAuthenticationEnabled ?? false,
    pending: onlyGiven(cluster.PendingModifiedValues),
  }
}

async function describeInstance({ client, sdk }: Rds, ask: Ask, identifier: string): Promise<ObservedDatabase | null> {
  const request = new sdk.DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier })
  const answer = await orNull(ask('rds:DescribeDBInstances', `instance ${identifier}`, () => client.send(request)))
  const [instance] = answer?.DBInstances ?? []
  return instance === undefined ? null : ofInstance(instance)
}

/** An instance that is still being made has no endpoint. */
function ofInstance(instance: DBInstance): ObservedDatabase {
  return {
    kind: 'instance',
    identifier: instance.DBInstanceIdentifier ?? '',
    arn: instance.DBInstanceArn ?? '',
    resourceId: instance.DbiResourceId ?? '',
    endpoints: [instance.Endpoint?.Address].filter((endpoint) => endpoint !== undefined),
    status: instance.DBInstanceStatus ?? '',
    engine: instance.Engine ?? '',
    engineVersion: instance.EngineVersion ?? '',
    engineMode: null,
    instanceClass: instance.DBInstanceClass ?? null,
    cluster: instance.DBClusterIdentifier || null,
    iamAuthentication: instance.IAMDatabaseAuthenticationEnabled ?? false,
    pending: onlyGiven(instance.PendingModifiedValues),
  }
}

/** Policies name proxies by their id, `prx-…`, which only the ARN has; RDS itself looks for names only. */
async function describeProxy(rds: Rds, ask: Ask, identifier: string): Promise<ObservedDatabase | null> {
  if (!identifier.startsWith('prx-')) return (await describeProxies(rds, ask, identifier))[0] ?? null
  const proxies = await describeProxies(rds, ask)
  return proxies.find((proxy) => proxy.resourceId === identifier || proxy.identifier === identifier) ?? null
}

async function describeProxies({ client, sdk }: Rds, ask: Ask, name?: string): Promise<readonly ObservedDatabase[]> {
  const asked = everyPage(
    (marker) => {
      const request = new sdk.DescribeDBProxiesCommand({ DBProxyName: name, Marker: marker })
      return ask('rds:DescribeDBProxies', name === undefined ? null : `proxy ${name}`, () => client.send(request))
    },
    ({ Marker }) => Marker,
    ({ DBProxies = [] }) => DBProxies.map(ofProxy),
  )
  return (await orNull(asked)) ?? []
}

function ofProxy(proxy: DBProxy): ObservedDatabase {
  const arn = proxy.DBProxyArn ?? ''
  return {
    kind: 'proxy',
    identifier: proxy.DBProxyName ?? '',
    arn,
    resourceId: arn.slice(arn.lastIndexOf(':') + 1),
    endpoints: [proxy.Endpoint].filter((endpoint) => endpoint !== undefined),
    status: proxy.Status ?? '',
    engine: proxy.EngineFamily ?? '',
    engineVersion: '',
    engineMode: null,
    instanceClass: null,
    cluster: null,
    iamAuthentication: takesIam(proxy),
    pending: {},
  }
}

/** RDS API reference, UserAuthConfig `IAMAuth` and DBProxy `DefaultAuthScheme`. */
function takesIam({ Auth = [], DefaultAuthScheme: scheme }: DBProxy): boolean {
  return scheme === 'IAM_AUTH' || Auth.some(({ IAMAuth }) => IAMAuth === 'REQUIRED' || IAMAuth === 'ENABLED')
}

/** RDS API reference, DescribeOrderableDBInstanceOptions: with the classes come all that they support. */
async function hasOptionWithIam(
  { client, sdk }: Rds,
  ask: Ask,
  { engine, engineVersion, instanceClass }: ObservedDatabase,
): Promise<boolean | null> {
  const options = await everyPage(
    (marker) => {
      const request = new sdk.DescribeOrderableDBInstanceOptionsCommand({
        Engine: engine,
        EngineVersion: engineVersion,
        DBInstanceClass: instanceClass ?? undefined,
        Marker: marker,
      })
      return ask('rds:DescribeOrderableDBInstanceOptions', `${engine} ${engineVersion}`, () => client.send(request))
    },
    ({ Marker, OrderableDBInstanceOptions = [] }) => (OrderableDBInstanceOptions.some(hasIam) ? undefined : Marker),
    ({ OrderableDBInstanceOptions = [] }) => OrderableDBInstanceOptions.map(hasIam),
  )
  return options.length === 0 ? null : options.includes(true)
}

function hasIam({
  SupportsIAMDatabaseAuthentication: isSupported,
}: {
  SupportsIAMDatabaseAuthentication?: boolean | undefined
}) {
  return isSupported === true
}

function regionOf(arn: string): string | undefined {
  return arn.split(':')[3] || undefined
}

function onlyGiven(values: object = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
