import { fromEpochSeconds, type Instant } from '../../clock.ts'
import type { Issuer } from '../../iam/issuer.ts'
import { type JsonObject, ownValue } from '../../iam/json-object.ts'
import { oidcProviderArn } from '../../iam/oidc-provider.ts'
import { quote } from '../../iam/quote.ts'
import { type RoleArn, roleArnParts } from '../../iam/role-arn.ts'
import { readUnverified } from '../../sso/token-facts.ts'

/** What a token says, as an explanation shows it; never the token. It was verified before it was sent to STS. */
export interface RefusedToken {
  readonly iss: string | null
  readonly aud: readonly string[]
  readonly azp: string | null
  readonly sub: string | null
  readonly exp: Instant | null
  readonly iat: Instant | null
  readonly kid: string | null
}

export function readRefusedToken(token: string): { readonly facts: RefusedToken; readonly claims: JsonObject } {
  const { header, payload } = readUnverified(token) ?? { header: {}, payload: {} }
  const text = (name: string, of: JsonObject = payload) => {
    const value = ownValue(of, name)
    return typeof value === 'string' ? value : null
  }
  const time = (name: string) => {
    const value = ownValue(payload, name)
    return typeof value === 'number' ? fromEpochSeconds(value) : null
  }
  const aud = ownValue(payload, 'aud')
  const facts = {
    iss: text('iss'),
    aud: (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === 'string'),
    azp: text('azp'),
    sub: text('sub'),
    exp: time('exp'),
    iat: time('iat'),
    kid: text('kid', header),
  }
  return { facts, claims: payload }
}

export function describeRefusedToken({ iss, aud, azp, sub, exp, kid }: RefusedToken): string {
  const shown = Object.entries({ iss, aud: aud.join(' ') || null, azp, sub, exp, kid })
  return `the token: ${shown.map(([name, value]) => `${name} ${value === null ? 'none' : quote(value)}`).join(', ')}`
}

/** The audience that AWS goes by: `azp` where there is one (IAM user guide, "Available keys for AWS OIDC federation"). */
export function audienceOf({ azp, aud }: RefusedToken): string {
  return azp ?? aud[0] ?? ''
}

/** The provider that AWS looks for: of the issuer of the token, in the account of the role. */
export function providerArnFor(roleArn: RoleArn, issuer: Issuer): string {
  const { partition, accountId } = roleArnParts(roleArn)
  return oidcProviderArn(partition, accountId, issuer)
}
