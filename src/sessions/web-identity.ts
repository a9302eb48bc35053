import type { Instant } from '../clock.ts'
import type { RoleArn } from '../iam/role-arn.ts'
import type { RoleSessionName } from '../iam/role-session-name.ts'

/** What a session asks of STS. */
export interface WebIdentityRequest {
  readonly roleArn: RoleArn
  readonly roleSessionName: RoleSessionName
  readonly token: string
}

/** As STS gives them out. */
export interface SessionCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Instant
}

/** What STS said instead, by its own name for it; never with the token. */
export interface StsRefusal {
  /** As `AccessDenied`, without the `Exception` that SDKs add. */
  readonly awsError: string
  readonly awsMessage: string
  /** The clock of STS at that moment, where it told. */
  readonly stsTime: Instant | null
  readonly region: string
  /** The host that was asked. */
  readonly host: string
  readonly attempts: number
}

export type WebIdentityAnswer = { readonly credentials: SessionCredentials } | { readonly refusal: StsRefusal }

/**
 * The port through which STS is asked: AssumeRoleWithWebIdentity, in the partition of the role, without any credentials
 * of the machine.
 *
 * Throws AdminError UNAVAILABLE_AWS where STS is silent, out of order or throttles; INVALID_REGION, INVALID_CONFIG.
 */
export type AssumeRoleWithWebIdentity = (request: WebIdentityRequest) => Promise<WebIdentityAnswer>

/** What AWS holds of a role and of the provider of an issuer, in the account of the role. */
export interface RoleTrust {
  /** The trust policy as AWS sends it, JSON that is often URL-encoded; `null` where there is no such role. */
  readonly trustPolicy: string | null
  /** `null` where there is no provider of that issuer. */
  readonly clientIds: readonly string[] | null
  /** The ARNs of all providers of the account. */
  readonly providerArns: readonly string[]
}

/** With the administrator's own credentials. Throws AdminError where AWS cannot be read. */
export type ReadRoleTrust = (roleArn: RoleArn, providerArn: string) => Promise<RoleTrust>
