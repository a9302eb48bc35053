import type { AccountId } from '../../iam/account-id.ts'
import type { ClientId } from '../../iam/client-id.ts'
import type { Issuer } from '../../iam/issuer.ts'
import type { JsonObject } from '../../iam/json-object.ts'
import type { RoleArn } from '../../iam/role-arn.ts'
import type { RoleName, RolePath } from '../../iam/role-name.ts'
import type { RoleDescription, SessionSeconds } from '../../iam/role-settings.ts'
import type { S3Location } from '../../iam/s3-location.ts'
import type { Subject } from '../../iam/subject.ts'

export type { S3Location } from '../../iam/s3-location.ts'

/** What AWS should hold, as `provision.yaml` says it, version 1. Only `readSpec` makes one: everything in it was checked. */
export interface Spec {
  /** Where it stands, for messages. */
  readonly file: string
  /** The value of the tag by which we know again what is ours. */
  readonly name: string
  /** `null` only where there are no roles. */
  readonly identityProvider: SpecIdentityProvider | null
  /** `null`: the account of the ambient credentials, whichever that is. */
  readonly accounts: readonly SpecAccount[] | null
  readonly roles: readonly SpecRole[]
  readonly databases: readonly SpecDatabase[]
  readonly instanceProfiles: readonly SpecInstanceProfile[]
}

export interface SpecIdentityProvider {
  readonly issuer: Issuer
  readonly clientIds: readonly ClientId[]
  /** Empty: IAM finds and keeps them itself. */
  readonly thumbprints: readonly string[]
}

/** How to get into an account. Without profile and role: with the ambient credentials. */
export interface SpecAccount {
  readonly id: AccountId
  readonly profile: string | null
  /** Assumed with the credentials of the profile, or with the ambient ones. */
  readonly assumeRole: RoleArn | null
  readonly externalId: string | null
  /** `null`: that of the profile or of the environment. */
  readonly region: string | null
}

/** What roles of both sorts have; defaults are already in it. */
export interface SpecRoleSettings {
  readonly name: RoleName
  readonly path: RolePath
  /** Empty where there is none. */
  readonly description: RoleDescription
  /** As written: a policy of AWS by its name or path, or a full ARN. `null`: none. */
  readonly permissionsBoundary: SpecPolicyReference | null
  readonly tags: Readonly<Record<string, string>>
  readonly managedPolicies: readonly SpecPolicyReference[]
  readonly policies: readonly SpecPolicy[]
}

export interface SpecRole extends SpecRoleSettings {
  /** `null`: all accounts of the spec. */
  readonly accounts: readonly AccountId[] | null
  readonly maxSessionSeconds: SessionSeconds
  /** `assigned`: the people to whom the store assigns the role, by the subject of their last login. */
  readonly subjects: 'any' | 'assigned' | readonly Subject[]
}

/** A role for the processes of EC2 instances, in an instance profile of the same name. */
export interface SpecInstanceProfile extends SpecRoleSettings {
  /** `null`: the only account there is. */
  readonly account: AccountId | null
  readonly instances: readonly string[]
}

/** A policy of AWS becomes an ARN only where the partition is known. */
export type SpecPolicyReference = { readonly arn: string } | { readonly awsPolicy: string }

/** An inline policy: its name, and what it allows. */
export interface SpecPolicy {
  readonly name: string
  readonly grant: SpecGrant
}

export type SpecGrant =
  | { readonly kind: 'rdsConnect'; readonly database: string; readonly users: readonly string[] }
  | {
      readonly kind: 's3'
      readonly bucket: string
      /** Without slashes at its ends; `null`: the whole bucket. */
      readonly prefix: string | null
      readonly access: 'read' | 'read-write'
    }
  | {
      readonly kind: 'redshift'
      readonly cluster: string
      readonly users: readonly string[]
      readonly databases: readonly string[]
      readonly groups: readonly string[]
      /** Make the database user where there is none. */
      readonly autoCreate: boolean
    }
  | { readonly kind: 'redshiftServerless'; readonly workgroup: string }
  | {
      readonly kind: 'athena'
      readonly workgroup: string
      readonly catalog: string
      readonly databases: readonly string[]
      readonly sources: readonly S3Location[]
      readonly results: S3Location
    }
  | { readonly kind: 'document'; readonly document: JsonObject }

export interface SpecDatabase {
  readonly identifier: string
  /** `null`: the only account there is. */
  readonly account: AccountId | null
  readonly kind: 'cluster' | 'instance'
  readonly iamAuthentication: boolean
  readonly applyImmediately: boolean
}
