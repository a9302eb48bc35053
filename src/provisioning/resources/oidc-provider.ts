import { AdminError } from '../../errors.ts'
import { type ClientId, MOST_CLIENT_IDS } from '../../iam/client-id.ts'
import type { Issuer } from '../../iam/issuer.ts'
import { looksAlike, oidcProviderArn } from '../../iam/oidc-provider.ts'
import type { AwsAccount, ObservedOidcProvider } from '../aws-port.ts'
import { isOurs, ownershipTags } from '../ownership.ts'
import { iamCall } from '../plan.ts'
import { type Difference, type Resource, toChange } from '../resource.ts'
import { tagList } from '../tags.ts'

export interface OidcProviderRequest {
  readonly spec: string
  readonly issuer: Issuer
  readonly clientIds: readonly ClientId[]
  /** Empty: IAM finds and keeps them itself (IAM API reference, CreateOpenIDConnectProvider). */
  readonly thumbprints: readonly string[]
}

/**
 * The identity provider that AWS believes. IAM keeps one for each URL, so an existing one is shared: it gains the client
 * ids that it lacks, nothing else of it is touched, and it need not be ours.
 */
export function oidcProvider(request: OidcProviderRequest): Resource {
  const { issuer } = request
  return {
    kind: 'oidc-provider',
    name: issuer,
    dependsOn: [],
    async plan(account) {
      const { arn, isThere, lookalikes } = await findProvider(account, issuer)
      const differences = isThere
        ? providerDifferences(arn, await account.getOidcProvider(arn), request)
        : [creation(request)]
      return {
        arn,
        change: toChange(account, { kind: 'oidc-provider', name: issuer, exists: isThere }, differences),
        warnings: lookalikes.map((other) => lookalikeWarning(other, arn)),
      }
    },
  }
}

export interface ProviderSearch {
  readonly arn: string
  readonly isThere: boolean
  /** Providers of the account that a person could take for this one. */
  readonly lookalikes: readonly string[]
}

export async function findProvider(account: AwsAccount, issuer: Issuer): Promise<ProviderSearch> {
  const { partition, accountId } = account.identity
  const arn = oidcProviderArn(partition, accountId, issuer)
  const arns = await account.listOidcProviders()
  return { arn, isThere: arns.includes(arn), lookalikes: arns.filter((other) => looksAlike(other, arn)) }
}

export function lookalikeWarning(other: string, arn: string): string {
  return `the account also has ${other}, which differs only by a slash or by case from ${arn}; to AWS they are two, and tokens match one of them`
}

function creation({ spec, issuer, clientIds, thumbprints }: OidcProviderRequest): Difference {
  const tags = ownershipTags(spec)
  const pinned = thumbprints.length > 0
  return {
    fields: [
      { path: 'url', before: null, after: issuer },
      { path: 'clientIds', before: null, after: clientIds },
      ...(pinned ? [{ path: 'thumbprints', before: null, after: thumbprints }] : []),
      { path: 'tags', before: null, after: tags },
    ],
    calls: [
      iamCall('CreateOpenIDConnectProvider', {
        Url: issuer,
        ClientIDList: clientIds,
        ...(pinned && { ThumbprintList: thumbprints }),
        Tags: tagList(tags),
      }),
    ],
  }
}

function providerDifferences(
  arn: string,
  observed: ObservedOidcProvider,
  request: OidcProviderRequest,
): readonly Difference[] {
  return [
    ...missingClientIds(arn, observed.clientIds, request.clientIds),
    ...(isOurs(observed.tags, request.spec) ? otherThumbprints(arn, observed.thumbprints, request.thumbprints) : []),
  ]
}

function missingClientIds(
  arn: string,
  observed: readonly string[],
  desired: readonly ClientId[],
): readonly Difference[] {
  const missing = desired.filter((clientId) => !observed.includes(clientId))
  if (missing.length === 0) return []
  const after = [...observed, ...missing]
  if (after.length > MOST_CLIENT_IDS) {
    const message = `the provider has ${observed.length} client ids and would have ${after.length}; IAM allows ${MOST_CLIENT_IDS}`
    throw new AdminError('REFUSED_QUOTA', `${message}\n${arn}`, {
      details: { arn, limit: MOST_CLIENT_IDS, wanted: after.length },
    })
  }
  return [
    {
      fields: [{ path: 'clientIds', before: observed, after }],
      calls: missing.map((ClientID) =>
        iamCall('AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn: arn, ClientID }),
      ),
    },
  ]
}

/** Of our own provider alone, and only where somebody pins them: those that IAM keeps itself are its business. */
function otherThumbprints(arn: string, observed: readonly string[], desired: readonly string[]): readonly Difference[] {
  const normal = (thumbprints: readonly string[]) => thumbprints.map((text) => text.toLowerCase()).sort()
  if (desired.length === 0 || normal(observed).join() === normal(desired).join()) return []
  return [
    {
      fields: [{ path: 'thumbprints', before: observed, after: desired }],
      calls: [
        iamCall('UpdateOpenIDConnectProviderThumbprint', { OpenIDConnectProviderArn: arn, ThumbprintList: desired }),
      ],
    },
  ]
}
