import { type Issuer, providerId } from './issuer.ts'

export interface WebIdentityTrust {
  readonly providerArn: string
  readonly issuer: Issuer
  readonly clientId: string
  /** The `sub` claims that may assume the role; empty means every user of the client id. */
  readonly subjects: readonly string[]
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/**
 * Lets the users of one OIDC client assume a role with their ID token. Condition keys carry the provider id verbatim,
 * path and trailing slash included; a key that differs by one character is never present in a request, so
 * `StringEquals` fails closed (IAM user guide, "Create a role for OpenID Connect federation").
 */
export function webIdentityTrustPolicy(trust: WebIdentityTrust): PolicyDocument {
  const id = providerId(trust.issuer)
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: trust.providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${id}:aud`]: trust.clientId,
            ...(trust.subjects.length > 0 && { [`${id}:sub`]: oneOrMany(trust.subjects) }),
          },
        },
      },
    ],
  }
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [only, ...others] = values
  return only !== undefined && others.length === 0 ? only : values
}
