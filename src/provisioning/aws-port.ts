import type { Call, CallerIdentity } from './plan.ts'

/**
 * One AWS account, seen as the caller who was checked with `GetCallerIdentity`. The reads are those that resource kinds
 * need; {@link send} is the only way to write.
 *
 * Every method throws AdminError where AWS refuses or does not answer, with the error code of AWS in
 * `details.awsError` and its words in `details.awsMessage`. Throttling and passing failures were retried before.
 */
export interface AwsAccount extends IamReads, DatabaseReads, InstanceReads {
  readonly identity: CallerIdentity
  /** Of databases and instances. */
  readonly region: string
  /** False: nobody said which; then it is one that every account has, for IAM alone. */
  readonly isRegionConfigured: boolean
  /** The same account without anything that it remembers: for looking again after a write. */
  anew(): AwsAccount
  send(call: Call): Promise<void>
}

export interface IamReads {
  /** ARNs of all OIDC providers. */
  listOidcProviders(): Promise<readonly string[]>
  getOidcProvider(arn: string): Promise<ObservedOidcProvider>
  /** Every role of the account, without what only {@link getRole} tells. */
  listRoles(): Promise<readonly RoleListing[]>
  /** `null` where there is no such role. IAM takes names without regard to case. */
  getRole(name: string): Promise<ObservedRole | null>
  /** ARNs of the managed policies attached to a role. */
  listAttachedRolePolicies(roleName: string): Promise<readonly string[]>
  /** Documents by name, as AWS sends them. */
  listRolePolicies(roleName: string): Promise<Readonly<Record<string, string>>>
  /** ARNs of the managed policies of the account's own. */
  listLocalPolicies(): Promise<readonly string[]>
  /** Of AWS or of the account's own. */
  hasPolicy(arn: string): Promise<boolean>
  /** `null` where there is no such managed policy. */
  getPolicy(arn: string): Promise<ObservedPolicy | null>
  /** `null` where there is no such instance profile. */
  getInstanceProfile(name: string): Promise<ObservedInstanceProfile | null>
  /** Quotas and usage by the names of `GetAccountSummary`, as `AssumeRolePolicySizeQuota`. */
  accountSummary(): Promise<Readonly<Record<string, number>>>
}

export interface ObservedOidcProvider {
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

export interface RoleListing {
  readonly name: string
  readonly path: string
  /** As AWS sends it: JSON, often URL-encoded. */
  readonly trustPolicy: string
  readonly tags: Readonly<Record<string, string>>
  /** Names of the instance profiles that hold the role. */
  readonly instanceProfiles: readonly string[]
}

export interface ObservedRole {
  /** As IAM spells it. */
  readonly name: string
  readonly path: string
  readonly description: string
  readonly maxSessionSeconds: number
  readonly permissionsBoundary: string | null
  /** As AWS sends it: JSON, often URL-encoded. */
  readonly trustPolicy: string
  readonly tags: Readonly<Record<string, string>>
}

export interface ObservedPolicy {
  readonly arn: string
  /** The default version, as AWS sends it. */
  readonly document: string
  /** Ids of the versions, the default one first, the others from the oldest. */
  readonly versions: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

export interface ObservedInstanceProfile {
  readonly arn: string
  readonly path: string
  readonly roles: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

export interface DatabaseReads {
  /** In the named region, or in that of the account; `null` where there is none of that kind and identifier. */
  describeDatabase(kind: DatabaseKind, identifier: string, region?: string): Promise<ObservedDatabase | null>
  /** Whether instances of that engine, version and class can have IAM authentication; `null` where AWS does not say. */
  supportsIamAuthentication(database: ObservedDatabase): Promise<boolean | null>
  /** The id of a Redshift Serverless workgroup: policies name it, never the name. `null` where there is none. */
  getWorkgroupId(name: string): Promise<string | null>
}

export type DatabaseKind = 'cluster' | 'instance' | 'proxy'

export interface ObservedDatabase {
  readonly kind: DatabaseKind
  readonly identifier: string
  readonly arn: string
  /** What `rds-db:connect` names: `cluster-…`, `db-…` or `prx-…`. */
  readonly resourceId: string
  /** Host names: the first is that of the writer. */
  readonly endpoints: readonly string[]
  readonly status: string
  /** As AWS names it: `aurora-postgresql`, `mysql`; for a proxy its engine family. */
  readonly engine: string
  readonly engineVersion: string
  /** `provisioned` or `serverless`, of clusters. */
  readonly engineMode: string | null
  readonly instanceClass: string | null
  /** Of an instance in a cluster: the cluster's identifier. */
  readonly cluster: string | null
  readonly iamAuthentication: boolean
  /** What waits for the next maintenance window, by the names of the API, IAM authentication included. */
  readonly pending: Readonly<Record<string, unknown>>
}

export interface InstanceReads {
  /** The profile of each instance that is there: `null` without one. Instances that are not there are left out. */
  describeInstanceProfiles(instanceIds: readonly string[]): Promise<ReadonlyMap<string, ProfileAssociation | null>>
  /** Every instance of the region that has a profile. */
  listProfileAssociations(): Promise<ReadonlyMap<string, ProfileAssociation>>
}

export interface ProfileAssociation {
  readonly associationId: string
  readonly profileArn: string
  readonly state: string
}
