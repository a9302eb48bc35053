import { AdminError } from '../errors.ts'
import type { AccountId } from './account-id.ts'
import { type Issuer, parseIssuer, providerId } from './issuer.ts'
import type { Partition } from './partition.ts'
import { quote } from './quote.ts'

/**
 * Issuers that IAM knows by itself (IAM API reference, CreateOpenIDConnectProvider; IAM user guide, "Create an OIDC
 * identity provider"). A trust policy names them bare, without an ARN.
 */
const BUILT_IN: ReadonlySet<string> = new Set([
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
])

/** Their tokens are no OIDC ID tokens: trust policies see `:app_id` and a user id, no `:aud` and no `:sub`. */
const NOT_OIDC: ReadonlySet<string> = new Set(['graph.facebook.com', 'www.amazon.com'])

export function isBuiltIn(issuer: Issuer): boolean {
  return BUILT_IN.has(hostOf(issuer))
}

/**
 * An issuer that can have a provider in IAM.
 *
 * @throws AdminError INVALID_ISSUER
 */
export function parseProviderIssuer(text: string): Issuer {
  const issuer = parseIssuer(text)
  if (!isBuiltIn(issuer)) return issuer
  throw new AdminError('INVALID_ISSUER', `${quote(text)} needs no OIDC provider: AWS knows it already; make the role`)
}

/**
 * An issuer whose ID tokens carry what a trust policy of ours tests.
 *
 * @throws AdminError INVALID_ISSUER
 */
export function parseTrustedIssuer(text: string): Issuer {
  const issuer = parseIssuer(text)
  if (!NOT_OIDC.has(hostOf(issuer))) return issuer
  throw new AdminError(
    'INVALID_ISSUER',
    `${quote(text)} issues no OIDC ID tokens; expected an identity provider that does`,
  )
}

/** The ARN that IAM gives to the provider of this issuer; a path and a trailing slash stay in it. */
export function oidcProviderArn(partition: Partition, accountId: AccountId, issuer: Issuer): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${providerId(issuer)}`
}

/** What a trust policy has under `Principal.Federated`. */
export function federatedPrincipal(partition: Partition, accountId: AccountId, issuer: Issuer): string {
  return isBuiltIn(issuer) ? hostOf(issuer) : oidcProviderArn(partition, accountId, issuer)
}

/** Whether two providers would be taken for one by a person, and are two to AWS: another case, a slash more or less. */
export function looksAlike(arn: string, other: string): boolean {
  return arn !== other && blurred(arn) === blurred(other)
}

function blurred(arn: string): string {
  return arn.toLowerCase().replace(/\/+$/, '')
}

function hostOf(issuer: Issuer): string {
  return providerId(issuer).replace(/\/$/, '').toLowerCase()
}
