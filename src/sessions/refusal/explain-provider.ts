import { type Issuer, nearMiss } from '../../iam/issuer.ts'
import { quote, shellQuote } from '../../iam/quote.ts'
import { parseRegion, partitionOfRegion } from '../../iam/region.ts'
import { roleArnParts } from '../../iam/role-arn.ts'
import type { Explanation, Refused } from './explain-refusal.ts'
import { audienceOf, providerArnFor } from './refused-token.ts'

/** The account of the role has no provider of that issuer, or the STS of another partition was asked, which has none. */
export function explainProvider(refused: Refused): Explanation {
  const { roleArn, facts, trust, refusal } = refused
  const asked = partitionOfHost(refused)
  const { partition, accountId } = roleArnParts(roleArn)
  if (asked !== partition) return explainPartition(refused, asked)
  const arn = providerArnFor(roleArn, (facts.iss ?? '') as Issuer)
  const first = `account ${accountId} has no identity provider for the issuer of the token: ${refusal.awsMessage}`
  return {
    code: 'NOT_FOUND_PROVIDER',
    lines: [first, `expected ${arn}`, ...resemblances(arn, trust)],
    suggestions: [
      `admin provision oidc-provider --issuer ${shellQuote(facts.iss ?? 'URL')} --client-id ${shellQuote(audienceOf(facts))} --account ${accountId}`,
    ],
    details: { providerArns: 'unread' in trust ? null : trust.providerArns },
  }
}

/** The provider is there, and does not know for whom the token was made. */
export function explainAudience({ roleArn, facts, trust, refusal }: Refused): Explanation {
  const arn = providerArnFor(roleArn, (facts.iss ?? '') as Issuer)
  const known = 'unread' in trust ? null : trust.clientIds
  const wanted = known === null ? `one of its client ids (not read: ${unreadWords(trust)})` : list(known)
  return {
    code: 'DENIED_WEB_IDENTITY',
    lines: [
      `the identity provider at AWS does not know the client of the token: ${refusal.awsMessage}`,
      `${arn} wants ${wanted}, got ${quote(audienceOf(facts))}${facts.azp === null ? ' (aud)' : ' (azp, which goes before aud)'}`,
    ],
    suggestions: [
      `admin provision oidc-provider --issuer ${shellQuote(facts.iss ?? 'URL')} --client-id ${shellQuote(audienceOf(facts))} --account ${roleArnParts(roleArn).accountId}`,
    ],
  }
}

function explainPartition({ roleArn, refusal }: Refused, asked: string): Explanation {
  const { partition } = roleArnParts(roleArn)
  return {
    code: 'INVALID_REGION',
    lines: [
      `the STS of another partition was asked: ${refusal.host} is of ${asked}, the role ${roleArn} is in ${partition}`,
      `there it is not known: ${refusal.awsMessage}`,
    ],
    suggestions: ['env | grep ^AWS_'],
    details: { askedPartition: asked },
  }
}

/** By the host that was asked, as AWS names them; a host of somebody else stands for the region. */
function partitionOfHost({ refusal }: Refused): string {
  const region = /^sts(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws|api\.aws|c2s|sc2s|amazonaws-eusc|csp)/.exec(
    refusal.host,
  )?.[1]
  if (refusal.host === 'sts.amazonaws.com') return 'aws'
  return partitionOfRegion(parseRegion(region ?? refusal.region))
}

function resemblances(arn: string, trust: Refused['trust']): readonly string[] {
  if ('unread' in trust) return [`whether there is another one was not read: ${trust.unread}`]
  const near = trust.providerArns.flatMap((other) => {
    const difference = nearMiss(other, arn)
    return difference === null ? [] : [`there is ${other}: ${difference}, and to AWS that is another issuer`]
  })
  if (near.length > 0) return near
  return [
    trust.providerArns.length === 0 ? 'the account has none at all' : `the account has ${list(trust.providerArns)}`,
  ]
}

function unreadWords(trust: Refused['trust']): string {
  return 'unread' in trust ? trust.unread : 'there is no such provider'
}

function list(values: readonly string[]): string {
  return values.map(quote).join(', ') || 'none'
}
