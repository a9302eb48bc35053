import { quote } from './quote.ts'

export interface NamedPolicy {
  readonly name: string
  readonly document: object
}

/** What an account allows; `null` where nobody could read it. Sizes are in characters without white space. */
export interface PolicyQuotas {
  /** The inline policies of one role together: `RolePolicySizeQuota` of GetAccountSummary. */
  readonly inlineTotal: number | null
  /** One managed policy: `PolicySizeQuota`. */
  readonly managedSize: number | null
  /** Managed policies on one role: `AttachedPoliciesPerRoleQuota`. */
  readonly attachedPerRole: number | null
  /** The managed policies that the role has besides these. */
  readonly alreadyAttached: number
}

export type PolicyPacking<Policy extends NamedPolicy> =
  | { readonly inline: readonly Policy[]; readonly managed: readonly Policy[] }
  | { readonly problem: string }

type KnownQuotas = { readonly [Key in keyof PolicyQuotas]: number }

/** Characters as IAM counts them: white space is free (IAM user guide, "IAM and AWS STS quotas"). */
export function policySize(document: object): number {
  return JSON.stringify(document).length
}

/**
 * Keeps the policies of a role inline while they fit together, else moves the largest that fit a managed policy out, as
 * few as will do. The same policies give the same answer in whatever order they come; names must differ. A quota that
 * nobody could read moves nothing and refuses nothing: IAM will say.
 */
export function packPolicies<Policy extends NamedPolicy>(
  policies: readonly Policy[],
  quotas: PolicyQuotas,
): PolicyPacking<Policy> {
  const sorted = policies.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  if (!areKnown(quotas) || totalSize(sorted) <= quotas.inlineTotal) return { inline: sorted, managed: [] }
  const moved = toMove(sorted, quotas)
  const inline = sorted.filter((policy) => !moved.has(policy))
  const managed = sorted.filter((policy) => moved.has(policy))
  const problem = unpackable(sorted, inline, managed, quotas)
  return problem === null ? { inline, managed } : { problem }
}

function areKnown(quotas: PolicyQuotas): quotas is KnownQuotas {
  return Object.values(quotas).every((quota) => quota !== null)
}

/** Taking the largest first frees the most characters with each, so that no fewer could do. */
function toMove<Policy extends NamedPolicy>(
  policies: readonly Policy[],
  { inlineTotal, managedSize }: KnownQuotas,
): ReadonlySet<Policy> {
  const sized = policies.map((policy) => ({ policy, size: policySize(policy.document) }))
  const movable = sized.filter(({ size }) => size <= managedSize).sort((one, other) => other.size - one.size)
  const moved = new Set<Policy>()
  let left = totalSize(policies)
  for (const { policy, size } of movable) {
    if (left <= inlineTotal) break
    moved.add(policy)
    left -= size
  }
  return moved
}

function unpackable(
  all: readonly NamedPolicy[],
  inline: readonly NamedPolicy[],
  managed: readonly NamedPolicy[],
  { inlineTotal, managedSize, attachedPerRole, alreadyAttached }: KnownQuotas,
): string | null {
  const names = all.map(({ name }) => quote(name)).join(', ')
  const excess = `the inline policies ${names} would have ${count(totalSize(all))} characters, this account allows ${count(inlineTotal)}`
  if (totalSize(inline) > inlineTotal) {
    return `${excess}; ${count(totalSize(inline))} would be left without those that fit a managed policy, which may have ${count(managedSize)}`
  }
  if (managed.length === 0 || managed.length + alreadyAttached <= attachedPerRole) return null
  return `${excess}; ${count(managed.length)} of them would have to become managed policies, and the role, which has ${count(alreadyAttached)} already, may have ${count(attachedPerRole)}`
}

function totalSize(policies: readonly NamedPolicy[]): number {
  return policies.reduce((total, { document }) => total + policySize(document), 0)
}

function count(amount: number): string {
  return amount.toLocaleString('en-US')
}
