import type { PolicyDocument } from '../../iam/policy-document.ts'
import { policySize } from '../../iam/policy-packing.ts'
import { quote } from '../../iam/quote.ts'
import type { RolePath } from '../../iam/role-name.ts'
import type { AwsAccount, ObservedPolicy } from '../aws-port.ts'
import { type OwnershipClaim, ownershipTags, refuseForeign } from '../ownership.ts'
import { type CallerIdentity, iamCall } from '../plan.ts'
import { parsePolicyDocument, samePolicy } from '../policy-document.ts'
import { type Difference, type Resource, toChange } from '../resource.ts'
import { type Tags, tagDifference, tagList } from '../tags.ts'
import { shownPolicy } from './role-policies.ts'

export interface ManagedPolicyRequest extends OwnershipClaim {
  readonly name: string
  readonly path: RolePath
  readonly document: PolicyDocument
  readonly tags: Tags
}

/** IAM keeps five versions of a policy unless the account was promised more (IAM user guide, "IAM quotas"). */
const DEFAULT_VERSIONS = 5

/** A customer managed policy: what does not fit into the inline policies of a role stands in one. */
export function managedPolicy(request: ManagedPolicyRequest): Resource {
  const { name } = request
  return {
    kind: 'managed-policy',
    name,
    dependsOn: [],
    async plan(account) {
      const arn = managedPolicyArn(account.identity, request)
      const observed = await account.getPolicy(arn)
      if (observed !== null) refuseForeign(account, `the policy ${quote(name)}`, observed.tags, request)
      const differences = observed === null ? [creation(request)] : await policyDifferences(account, request, observed)
      const { PolicySizeQuota: quota = null } = await account.accountSummary()
      return {
        arn,
        change: toChange(account, { kind: 'managed-policy', name, exists: observed !== null }, differences),
        sizes: [{ of: 'policy', unit: 'characters', count: policySize(request.document), quota }],
        warnings: [],
      }
    },
  }
}

export function managedPolicyArn(
  { partition, accountId }: CallerIdentity,
  { path, name }: Pick<ManagedPolicyRequest, 'path' | 'name'>,
): string {
  return `arn:${partition}:iam::${accountId}:policy${path}${name}`
}

function creation(request: ManagedPolicyRequest): Difference {
  const { name, path, document } = request
  const tags = ownershipTags(request.spec, request.tags)
  const input = { PolicyName: name, Path: path, PolicyDocument: JSON.stringify(document), Tags: tagList(tags) }
  return {
    fields: [
      { path: 'path', before: null, after: path },
      { path: 'document', before: null, after: document },
      { path: 'tags', before: null, after: tags },
    ],
    calls: [iamCall('CreatePolicy', input)],
  }
}

async function policyDifferences(
  account: AwsAccount,
  request: ManagedPolicyRequest,
  observed: ObservedPolicy,
): Promise<readonly Difference[]> {
  const { spec, tags } = request
  const { arn, tags: before } = observed
  return [
    ...tagDifference(before, ownershipTags(spec, tags), (Tags) => iamCall('TagPolicy', { PolicyArn: arn, Tags })),
    ...(await documentDifference(account, request, observed)),
  ]
}

/** A version more, and the oldest one less where the policy has as many as it may. */
async function documentDifference(
  account: AwsAccount,
  { document }: ManagedPolicyRequest,
  { arn, document: before, versions }: ObservedPolicy,
): Promise<readonly Difference[]> {
  const parsed = parsePolicyDocument(before)
  if (parsed !== null && samePolicy(parsed, { ...document })) return []
  const { VersionsPerPolicyQuota: most = DEFAULT_VERSIONS } = await account.accountSummary()
  const [, oldest] = versions
  const isFull = versions.length >= most && oldest !== undefined
  return [
    {
      fields: [{ path: 'document', before: shownPolicy(before), after: document }],
      calls: [
        ...(isFull ? [iamCall('DeletePolicyVersion', { PolicyArn: arn, VersionId: oldest })] : []),
        iamCall('CreatePolicyVersion', {
          PolicyArn: arn,
          PolicyDocument: JSON.stringify(document),
          SetAsDefault: true,
        }),
      ],
    },
  ]
}
