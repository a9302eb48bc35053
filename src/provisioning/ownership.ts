import { AdminError } from '../errors.ts'
import { quote } from '../iam/quote.ts'
import type { AwsAccount } from './aws-port.ts'
import type { Tags } from './tags.ts'

/** The spec of what single commands provision. A spec file has the name that it gives itself. */
export const COMMAND_LINE_SPEC = 'command-line'

const MANAGER_TAG = 'managed-by'
const MANAGER = 'admin'
const SPEC_TAG = 'admin:spec'

/** The tags by which we know again what is ours: there is no state file. With others, which cannot overrule them. */
export function ownershipTags(spec: string, others: Tags = {}): Tags {
  return { ...others, [MANAGER_TAG]: MANAGER, [SPEC_TAG]: spec }
}

export type Owner =
  | { readonly kind: 'ours' }
  | { readonly kind: 'other-spec'; readonly spec: string }
  | { readonly kind: 'foreign' }

export function ownerOf(tags: Tags, spec: string): Owner {
  if (tags[MANAGER_TAG] !== MANAGER) return { kind: 'foreign' }
  const other = tags[SPEC_TAG]
  if (other === spec) return { kind: 'ours' }
  return other === undefined ? { kind: 'foreign' } : { kind: 'other-spec', spec: other }
}

export function isOurs(tags: Tags, spec: string): boolean {
  return ownerOf(tags, spec).kind === 'ours'
}

export interface OwnershipClaim {
  readonly spec: string
  readonly adopt: boolean
}

/**
 * @param what the resource in words, as `the role "analyst"`
 * @throws AdminError REFUSED_NOT_OURS for what something else made, unless it is adopted
 */
export function refuseForeign(
  { identity }: AwsAccount,
  what: string,
  tags: Tags,
  { spec, adopt }: OwnershipClaim,
): void {
  const owner = ownerOf(tags, spec)
  if (owner.kind === 'ours' || adopt) return
  const whose = owner.kind === 'foreign' ? 'it does not carry our tag' : `it belongs to the spec ${quote(owner.spec)}`
  const message = `${what} is already in account ${identity.accountId}, and ${whose}\n--adopt takes it over: tags it and makes it as asked`
  throw new AdminError('REFUSED_NOT_OURS', message, {
    details: { resource: what, accountId: identity.accountId, owner },
  })
}
