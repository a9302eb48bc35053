import { AdminError } from '../errors.ts'
import { type AccountId, accountIdProblem } from './account-id.ts'
import { DNS_SUFFIX_PATTERN, dnsSuffixOf, isPartition, type Partition } from './partition.ts'
import { quote } from './quote.ts'
import { parseRegion, partitionOfRegion, REGION_PATTERN, regionProblem } from './region.ts'

/** What a person can call a database of RDS or Aurora by. The id that policies need is looked up, never guessed. */
export type DatabaseReference =
  | { readonly by: 'identifier'; readonly identifier: string }
  | {
      readonly by: 'endpoint'
      readonly host: string
      readonly identifier: string
      readonly kind: DatabaseKind
      readonly region: string
    }
  | {
      readonly by: 'arn'
      readonly arn: string
      readonly kind: DatabaseKind
      /** For a proxy its resource id, `prx-…`: its ARN has no name. */
      readonly identifier: string
      readonly region: string
      readonly accountId: AccountId
      readonly partition: Partition
    }

export type DatabaseKind = 'cluster' | 'instance' | 'proxy'

/** `NAME.[ROLE-]HASH.REGION.rds.SUFFIX`; in China also `…rds.REGION.SUFFIX`. */
const ENDPOINT = new RegExp(
  `^([a-z0-9-]+)(\\.endpoint)?\\.(?:(cluster|cluster-ro|cluster-custom|proxy|shardgrp)-)?([a-z0-9]+)\\.` +
    `(?:([a-z0-9-]+)\\.rds|rds\\.(cn-[a-z]+-\\d))\\.(${DNS_SUFFIX_PATTERN})$`,
)
const ARN = new RegExp(`^arn:([^:]*):([^:]*):(${REGION_PATTERN}):([^:]*):([^:]*):(.+)$`, 's')
const KINDS: Readonly<Record<string, DatabaseKind>> = { cluster: 'cluster', db: 'instance', 'db-proxy': 'proxy' }
const IDENTIFIER = /^[a-z](-?[a-z0-9])*$/i

/**
 * Reads an identifier, an endpoint or an ARN of an instance, a cluster or a proxy. Identifiers and hosts come in lower
 * case, as RDS keeps them. Sources: Amazon RDS API reference, CreateDBInstance (identifiers); Amazon Aurora user guide,
 * "Amazon Aurora endpoint connections"; Service authorization reference, Amazon RDS (ARNs).
 *
 * @throws AdminError INVALID_DATABASE_REFERENCE
 */
export function parseDatabaseReference(text: string): DatabaseReference {
  const reference = text.startsWith('arn:') ? fromArn(text) : text.includes('.') ? fromHost(text) : fromIdentifier(text)
  if (typeof reference !== 'string') return reference
  throw new AdminError('INVALID_DATABASE_REFERENCE', `${quote(text)} is not a database of RDS: ${reference}`)
}

/**
 * The identifier of an instance or a cluster, in lower case.
 *
 * @throws AdminError INVALID_DATABASE_REFERENCE
 */
export function parseDatabaseIdentifier(text: string): string {
  const reference = fromIdentifier(text)
  if (typeof reference !== 'string') return reference.identifier
  throw new AdminError('INVALID_DATABASE_REFERENCE', `${quote(text)} is not the identifier of a database: ${reference}`)
}

/** The region in the name of an endpoint of RDS; `null` for any other host. */
export function regionOfEndpoint(host: string): string | null {
  return endpointProblem(host) === null ? regionNamed(host) : null
}

function regionNamed(host: string): string | null {
  const [, , , , , region, chinese] = ENDPOINT.exec(host.toLowerCase()) ?? []
  return region ?? chinese ?? null
}

/** Why a host of the form of an endpoint is none: nothing that was signed for it could ever be valid. */
export function endpointProblem(host: string): string | null {
  const region = regionNamed(host)
  if (region === null) return null
  const problem = regionProblem(region)
  if (problem !== null) return `${quote(region)} is not an AWS region: ${problem}`
  const suffix = dnsSuffixOf(partitionOfRegion(parseRegion(region)))
  if (suffix === null || ENDPOINT.exec(host.toLowerCase())?.[7] === suffix) return null
  return `endpoints in ${region} end in .${suffix}`
}

/** An endpoint of Aurora that its owner made of some instances: the only kind that takes no tokens. */
export function isCustomEndpoint(host: string): boolean {
  return ENDPOINT.exec(host.toLowerCase())?.[3] === 'cluster-custom'
}

function fromArn(text: string): DatabaseReference | string {
  const [, partition = '', service, region = '', account = '', type = '', identifier = ''] = ARN.exec(text) ?? []
  const kind = KINDS[type]
  if (service === undefined) return 'expected arn:PARTITION:rds:REGION:ACCOUNT:cluster:IDENTIFIER, or db, or db-proxy'
  if (service === 'rds-db') return 'that is what a policy names; give the identifier, the endpoint or the ARN of rds'
  if (!isPartition(partition)) return `its partition is ${quote(partition)}, expected aws, aws-cn or another aws-…`
  if (service !== 'rds') return `that is an ARN of the service ${quote(service)}`
  const problem = accountIdProblem(account)
  if (problem !== null) return `its account id is ${quote(account)}: ${problem}`
  if (kind === undefined) return `it names a ${quote(type)}, expected cluster, db or db-proxy`
  if (!(kind === 'proxy' ? /^prx-[0-9a-z]+$/ : IDENTIFIER).test(identifier))
    return `it ends in ${quote(identifier)}, expected ${kind === 'proxy' ? 'prx-…' : 'an identifier'}`
  return {
    by: 'arn',
    arn: text,
    kind,
    identifier: identifier.toLowerCase(),
    region,
    accountId: account as AccountId,
    partition,
  }
}

function fromHost(text: string): DatabaseReference | string {
  const host = text.toLowerCase()
  const [, identifier, isExtra, role, hash, region, chinese] = ENDPOINT.exec(host) ?? []
  if (identifier === undefined || hash === undefined) return hostProblem(host)
  const problem = endpointProblem(host)
  if (problem !== null) return problem
  if (role === 'cluster-custom') return 'custom endpoints of Aurora take no IAM authentication; name the cluster'
  if (role === 'shardgrp') return 'it is a shard group; expected an instance, a cluster or a proxy'
  if (isExtra !== undefined) return 'it is an additional endpoint of a proxy; give the ARN of the proxy'
  const kind = role === undefined ? 'instance' : role === 'proxy' ? 'proxy' : 'cluster'
  return { by: 'endpoint', host, identifier, kind, region: region ?? chinese ?? '' }
}

function hostProblem(host: string): string {
  if (/:\d+$/.test(host)) return 'write the host without its port'
  if (/^\d+(\.\d+){3}$/.test(host)) return 'it is an IP address; tokens are signed for the name of the endpoint'
  if (/\.rds\./.test(host)) return 'expected NAME.….REGION.rds.amazonaws.com'
  return 'the name belongs to another domain; tokens are signed for the endpoint of RDS itself, …rds.amazonaws.com'
}

function fromIdentifier(text: string): { readonly by: 'identifier'; readonly identifier: string } | string {
  if (text === '') return 'it is empty'
  if (text === 'localhost') return 'it is this host; name the database itself'
  if (text.includes(':')) return 'expected an identifier, an endpoint or an ARN'
  if (text.length > 63) return `it has ${text.length} characters, RDS allows 63`
  if (/^((db|cluster)-[A-Z0-9]{16,}|prx-[0-9a-f]{16,})$/.test(text))
    return 'it is a resource id; give the identifier, the endpoint or the ARN, the id is looked up'
  return IDENTIFIER.test(text)
    ? { by: 'identifier', identifier: text.toLowerCase() }
    : 'expected letters, digits and single hyphens, beginning with a letter and not ending with a hyphen'
}
