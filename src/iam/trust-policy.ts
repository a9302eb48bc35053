import { type Issuer, providerId } from './issuer.ts'
import { oneOrMany, type PolicyDocument, type PolicyStatement } from './policy-document.ts'

export interface WebIdentityTrust {
  readonly providerArn: string
  readonly issuer: Issuer
  /** The `aud` claims of the clients whose users may assume the role; at least one. */
  readonly clientIds: readonly string[]
  /** The `sub` claims that may assume the role; empty means every user of the client ids. */
  readonly subjects: readonly string[]
}

/**
 * Lets the users of one OIDC client assume a role with their ID token. Condition keys carry the provider id verbatim,
 * path and trailing slash included; a key that differs by one character is never present in a request, so
 * `StringEquals` fails closed (IAM user guide, "Create a role for OpenID Connect federation").
 */
export function webIdentityTrustPolicy(trust: WebIdentityTrust): PolicyDocument {
  const id = providerId(trust.issuer)
  return trustPolicy({
    Effect: 'Allow',
    Principal: { Federated: trust.providerArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${id}:aud`]: oneOrMany(trust.clientIds),
        ...(trust.subjects.length > 0 && { [`${id}:sub`]: oneOrMany(trust.subjects) }),
      },
    },
  })
}

/**
 * For a role that is meant for the people assigned while nobody is. IAM takes no role without a trust policy, and
 * {@link webIdentityTrustPolicy} without subjects would let in everybody; this one lets in nobody.
 */
export function nobodyTrustPolicy(providerArn: string): PolicyDocument {
  return trustPolicy({
    Effect: 'Deny',
    Principal: { Federated: providerArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
  })
}

/**
 * Lets EC2 give a role to an instance. The name of the service is the same in every partition (IAM user guide, "AWS JSON
 * policy elements: Principal").
 */
export function ec2TrustPolicy(): PolicyDocument {
  return trustPolicy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' })
}

function trustPolicy(statement: PolicyStatement): PolicyDocument {
  return { Version: '2012-10-17', Statement: [statement] }
}
