import type { AwsAccount, DatabaseKind, ObservedDatabase, ObservedRole, RoleListing } from '../aws-port.ts'
import { ownershipTags } from '../ownership.ts'
import type { CallerIdentity } from '../plan.ts'
import type { Spec, SpecRoleSettings } from '../spec/spec.ts'

/** What an imagined account holds: nothing, or all that the spec names, and nothing of it as it should be. */
export type Imagined = 'blank' | 'contrary'

export interface Rehearsal {
  readonly spec: Spec
  readonly identity: CallerIdentity
  readonly region: string
  readonly imagined: Imagined
  /** Told of each request that such a read makes, as IAM policies name it, and of what it is about (an ARN, or `*`). */
  readonly onRead: (action: string, resource: string) => void
}

/** What accounts allow unless it was raised (IAM user guide, "IAM and AWS STS quotas"): it decides what stays inline. */
const DEFAULT_QUOTAS = { RolePolicySizeQuota: 10_240, PolicySizeQuota: 6144, VersionsPerPolicyQuota: 5 }

/** Whatever the spec has no more: in an ARN, all of a path. */
const OBSOLETE = '*'

/**
 * An account that exists nowhere, to plan against: what such plans read and would call is what an operator must be
 * allowed to. Databases are always there, for a spec that names others cannot be carried out.
 */
export function rehearsalAccount(rehearsal: Rehearsal): AwsAccount {
  const { identity, region } = rehearsal
  const account: AwsAccount = {
    identity,
    region,
    anew: () => account,
    ...imaginedIam(rehearsal),
    ...imaginedDatabases(rehearsal),
    ...imaginedInstances(rehearsal),
    send: async () => {
      throw new Error('a rehearsal sends nothing')
    },
  }
  return account
}

function imaginedIam(rehearsal: Rehearsal) {
  const { spec, identity, imagined, onRead } = rehearsal
  const isContrary = imagined === 'contrary'
  const arn = (type: string, name: string) => `arn:${identity.partition}:iam::${identity.accountId}:${type}/${name}`
  const readAll = () => {
    onRead('iam:GetAccountAuthorizationDetails', '*')
    onRead('iam:ListRoles', '*')
  }
  const roles = [...spec.roles, ...spec.instanceProfiles]
  const names = roles.map(({ name }): string => name)
  const providerArn = arn('oidc-provider', spec.identityProvider?.issuer.replace(/^https:\/\//, '') ?? '')
  return {
    async listOidcProviders() {
      onRead('iam:ListOpenIDConnectProviders', '*')
      return isContrary ? [providerArn] : []
    },
    async getOidcProvider(of: string) {
      onRead('iam:GetOpenIDConnectProvider', of)
      return { clientIds: [], thumbprints: ['0'.repeat(40)], tags: ownershipTags(spec.name) }
    },
    async listRoles() {
      readAll()
      return isContrary ? obsoleteRoles(spec) : []
    },
    async getRole(name: string) {
      readAll()
      const role = roles.find((wanted) => wanted.name === name)
      if (!isContrary) return null
      return role === undefined ? obsoleteRole(spec) : contraryRole(role)
    },
    async listAttachedRolePolicies() {
      readAll()
      return isContrary ? [arn('policy', OBSOLETE)] : []
    },
    async listRolePolicies(): Promise<Readonly<Record<string, string>>> {
      readAll()
      return isContrary ? { [OBSOLETE]: '{}' } : {}
    },
    async listLocalPolicies() {
      readAll()
      return []
    },
    async hasPolicy(of: string) {
      if (of.split(':')[4] === identity.accountId) readAll()
      else onRead('iam:GetPolicy', of)
      return true
    },
    async getPolicy(of: string) {
      readAll()
      if (!isContrary) return null
      onRead('iam:ListPolicyTags', of)
      return { arn: of, document: '{}', versions: ['v5', 'v1', 'v2', 'v3', 'v4'], tags: {} }
    },
    async getInstanceProfile(name: string) {
      const profile = spec.instanceProfiles.find((wanted) => wanted.name === name)
      const path = profile?.path ?? pathOf(spec.instanceProfiles)
      const of = arn('instance-profile', `${path.slice(1)}${name}`)
      onRead('iam:GetInstanceProfile', of)
      if (!isContrary) return null
      const tags = names.includes(name) ? {} : ownershipTags(spec.name)
      return { arn: of, path, roles: [names.includes(name) ? OBSOLETE : name], tags }
    },
    async accountSummary() {
      onRead('iam:GetAccountSummary', '*')
      return DEFAULT_QUOTAS
    },
  }
}

/**
 * One of each sort that the spec has, in their path. Where that is the root of the account, to remove what the spec has
 * no more would take the right to remove anything; so the policy does without.
 */
function obsoleteRoles(spec: Spec): readonly RoleListing[] {
  const sorts = [
    { path: pathOf(spec.roles), principal: { AWS: '*' }, instanceProfiles: [] },
    { path: pathOf(spec.instanceProfiles), principal: { Service: 'ec2.amazonaws.com' }, instanceProfiles: [OBSOLETE] },
  ]
  return sorts
    .filter(({ path }) => path !== '/')
    .map(({ path, principal, instanceProfiles }) => ({
      name: OBSOLETE,
      path,
      trustPolicy: JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: principal, Action: 'sts:*' }] }),
      tags: ownershipTags(spec.name),
      instanceProfiles,
    }))
}

function obsoleteRole(spec: Spec): ObservedRole | null {
  const [listing] = obsoleteRoles(spec)
  return listing === undefined
    ? null
    : { ...listing, description: '', maxSessionSeconds: 3600, permissionsBoundary: null }
}

function pathOf(roles: readonly SpecRoleSettings[]): string {
  return roles[0]?.path ?? '/'
}

function contraryRole({ name, path, description, permissionsBoundary }: SpecRoleSettings): ObservedRole {
  return {
    name,
    path,
    description: `not ${description}`,
    maxSessionSeconds: 3601,
    permissionsBoundary: permissionsBoundary === null ? `arn:aws:iam::aws:policy/${OBSOLETE}` : null,
    trustPolicy: '{}',
    tags: {},
  }
}

function imaginedDatabases({ spec, identity, region, imagined, onRead }: Rehearsal) {
  const grants = [...spec.roles, ...spec.instanceProfiles].flatMap(({ policies }) => policies.map(({ grant }) => grant))
  const hosts = grants.flatMap((grant) => (grant.kind === 'rdsConnect' ? [grant.database.toLowerCase()] : []))
  const reads = { cluster: 'DescribeDBClusters', instance: 'DescribeDBInstances', proxy: 'DescribeDBProxies' } as const
  const types = { cluster: 'cluster', instance: 'db', proxy: 'db-proxy' } as const
  const ids = {
    cluster: 'cluster-ABCDEFGHIJKLMN',
    instance: 'db-ABCDEFGHIJKLMN',
    proxy: 'prx-0123456789abcdef0',
  } as const
  return {
    async describeDatabase(kind: DatabaseKind, identifier: string, where = region): Promise<ObservedDatabase | null> {
      const arn = `arn:${identity.partition}:rds:${where}:${identity.accountId}:${types[kind]}:${identifier}`
      onRead(`rds:${reads[kind]}`, kind === 'proxy' ? `${arn.slice(0, arn.lastIndexOf(':'))}:*` : arn)
      const wanted = spec.databases.find((database) => database.identifier === identifier)
      const isMeant = wanted === undefined ? imagined === 'blank' || kind === 'proxy' : wanted.kind === kind
      if (!isMeant) return null
      return {
        kind,
        identifier,
        arn,
        resourceId: ids[kind],
        endpoints: hosts,
        status: 'available',
        engine: kind === 'cluster' ? 'aurora-postgresql' : 'postgres',
        engineVersion: '17',
        engineMode: null,
        instanceClass: null,
        cluster: null,
        iamAuthentication: wanted?.iamAuthentication === false,
        pending: {},
      }
    },
    async supportsIamAuthentication() {
      onRead('rds:DescribeOrderableDBInstanceOptions', '*')
      return true
    },
    async getWorkgroupId() {
      const { partition, accountId } = identity
      onRead(
        'redshift-serverless:GetWorkgroup',
        `arn:${partition}:redshift-serverless:${region}:${accountId}:workgroup/*`,
      )
      return '00000000-0000-4000-8000-000000000000'
    },
  }
}

function imaginedInstances({ identity, imagined, onRead }: Rehearsal) {
  const readAll = () => onRead('ec2:DescribeIamInstanceProfileAssociations', '*')
  const other = {
    associationId: 'iip-assoc-0123456789abcdef0',
    profileArn: `arn:${identity.partition}:iam::${identity.accountId}:instance-profile/${OBSOLETE}`,
    state: 'associated',
  }
  return {
    async describeInstanceProfiles(ids: readonly string[]) {
      onRead('ec2:DescribeInstances', '*')
      readAll()
      return new Map(ids.map((id) => [id, imagined === 'contrary' ? other : null]))
    },
    async listProfileAssociations() {
      readAll()
      return new Map()
    },
  }
}
