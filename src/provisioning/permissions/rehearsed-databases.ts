import { parseDatabaseReference } from '../../iam/database-reference.ts'
import type { DatabaseKind, DatabaseReads, ObservedDatabase } from '../aws-port.ts'
import type { Spec } from '../spec/spec.ts'
import { type Rehearsal, UNKNOWN } from './rehearsal-account.ts'

const READS = { cluster: 'DescribeDBClusters', instance: 'DescribeDBInstances', proxy: 'DescribeDBProxies' } as const
const TYPES = { cluster: 'cluster', instance: 'db', proxy: 'db-proxy' } as const
const IDS = {
  cluster: 'cluster-ABCDEFGHIJKLMN',
  instance: 'db-ABCDEFGHIJKLMN',
  proxy: 'prx-0123456789abcdef0',
} as const

/** Every database that the spec names is there, with the other setting. */
export function rehearsedDatabases({ spec, identity, region, situation, onRead }: Rehearsal): DatabaseReads {
  const { hosts, kinds } = namedDatabases(spec)
  // A bare identifier can be that of an instance in a cluster, or of a proxy, and more is asked for neither.
  const kindOf = (identifier: string) =>
    identifier === UNKNOWN ? 'cluster' : (kinds.get(identifier) ?? (situation === 'blank' ? 'instance' : 'proxy'))
  return {
    async describeDatabase(kind, identifier, where = region): Promise<ObservedDatabase | null> {
      const arn = (name: string) =>
        `arn:${identity.partition}:rds:${where}:${identity.accountId}:${TYPES[kind]}:${name}`
      // Proxies have an id in their ARN, not their name (Service authorization reference, Amazon RDS).
      onRead(`rds:${READS[kind]}`, arn(kind === 'proxy' ? UNKNOWN : identifier))
      if (kindOf(identifier) !== kind) return null
      const wanted = spec.databases.find((database) => database.identifier === identifier)
      return {
        kind,
        identifier,
        arn: arn(identifier),
        resourceId: IDS[kind],
        endpoints: hosts,
        status: 'available',
        engine: kind === 'cluster' ? 'aurora-postgresql' : 'postgres',
        engineVersion: '17',
        engineMode: null,
        instanceClass: null,
        cluster: kind === 'instance' && wanted === undefined ? UNKNOWN : null,
        iamAuthentication: wanted?.iamAuthentication === false,
        pending: {},
      }
    },
    async supportsIamAuthentication() {
      onRead('rds:DescribeOrderableDBInstanceOptions', '*')
      return true
    },
    // Its ARN has its id, which nobody knows before it is asked for (Service authorization reference, Redshift Serverless).
    async getWorkgroupId() {
      const { partition, accountId } = identity
      const arn = `arn:${partition}:redshift-serverless:${region}:${accountId}:workgroup/${UNKNOWN}`
      onRead('redshift-serverless:GetWorkgroup', arn)
      return '00000000-0000-4000-8000-000000000000'
    },
  }
}

/** The hosts that grants name, and of which kind a database is where the spec tells. */
function namedDatabases({ roles, instanceProfiles, databases }: Spec) {
  const grants = [...roles, ...instanceProfiles].flatMap(({ policies }) => policies.map(({ grant }) => grant))
  const named = grants.flatMap((grant) => (grant.kind === 'rdsConnect' ? [parseDatabaseReference(grant.database)] : []))
  const kinds = new Map<string, DatabaseKind>(databases.map(({ identifier, kind }) => [identifier, kind]))
  for (const reference of named) if (reference.by !== 'identifier') kinds.set(reference.identifier, reference.kind)
  return { kinds, hosts: named.flatMap((reference) => (reference.by === 'endpoint' ? [reference.host] : [])) }
}
