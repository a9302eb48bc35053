import type { Call, CallerIdentity } from './plan.ts'

/**
 * One AWS account, seen as the caller who was checked with `GetCallerIdentity`. The reads are those that resource kinds
 * need; {@link send} is the only way to write.
 *
 * Every method throws AdminError where AWS refuses or does not answer, with the error code of AWS in
 * `details.awsError` and its words in `details.awsMessage`. Throttling and passing failures were retried before.
 */
export interface AwsAccount {
  readonly identity: CallerIdentity
  /** ARNs of all OIDC providers. */
  listOidcProviders(): Promise<readonly string[]>
  getOidcProvider(arn: string): Promise<ObservedOidcProvider>
  /** `null` where there is no such role. */
  getRole(name: string): Promise<ObservedRole | null>
  /** ARNs of the managed policies attached to a role. */
  listAttachedRolePolicies(roleName: string): Promise<readonly string[]>
  /** The most characters that a trust policy may have in this account; `null` where AWS does not say. */
  trustPolicySizeQuota(): Promise<number | null>
  send(call: Call): Promise<void>
}

export interface ObservedOidcProvider {
  readonly clientIds: readonly string[]
}

export interface ObservedRole {
  readonly path: string
  readonly description: string
  readonly maxSessionSeconds: number
  readonly permissionsBoundary: string | null
  /** As AWS sends it: JSON, often URL-encoded. */
  readonly trustPolicy: string
  readonly tags: Readonly<Record<string, string>>
}
