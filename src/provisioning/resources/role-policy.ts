import { AdminError } from '../../errors.ts'
import { quote, shellQuote } from '../../iam/quote.ts'
import type { RoleName } from '../../iam/role-name.ts'
import type { AwsAccount } from '../aws-port.ts'
import { type OwnershipClaim, ownershipTags, refuseForeign } from '../ownership.ts'
import { iamCall } from '../plan.ts'
import { type Difference, type Resource, toChange } from '../resource.ts'
import { type Tags, tagDifference } from '../tags.ts'
import { roleArn } from './role.ts'
import { inlineDifference, type NamedPolicy } from './role-policies.ts'
import { inlineSize } from './role-quotas.ts'

export interface RolePolicyRequest extends OwnershipClaim {
  readonly roleName: RoleName
  readonly policy: NamedPolicy
}

/** One inline policy of a role that is there; whatever else the role has stays. */
export function rolePolicy(request: RolePolicyRequest): Resource {
  const { roleName, policy } = request
  const name = `${roleName}/${policy.name}`
  return {
    kind: 'role-policy',
    name,
    dependsOn: [],
    async plan(account) {
      const role = await account.getRole(roleName)
      if (role === null) throw noSuchRole(account, roleName)
      refuseForeign(account, `the role ${quote(roleName)}`, role.tags, request)
      const policies = await account.listRolePolicies(roleName)
      const before = policies[policy.name]
      const differences = [...adoption(request, role.tags), ...inlineDifference(roleName, policy, before, 'document')]
      const exists = before !== undefined
      return {
        arn: roleArn(account.identity, role.path, role.name),
        change: toChange(account, { kind: 'role-policy', name, exists }, differences),
        sizes: [await inlineSize(account, roleName, policies, policy)],
        warnings: [],
      }
    },
  }
}

function noSuchRole({ identity: { accountId } }: AwsAccount, name: string): AdminError {
  return new AdminError('NOT_FOUND_ROLE', `there is no role ${quote(name)} in account ${accountId}`, {
    suggestions: [`admin provision web-identity-role ${shellQuote(name)} --issuer URL --client-id ID --subject SUB`],
    details: { role: name, accountId },
  })
}

function adoption({ roleName, spec }: RolePolicyRequest, tags: Tags): readonly Difference[] {
  return tagDifference(tags, ownershipTags(spec), (Tags) => iamCall('TagRole', { RoleName: roleName, Tags }))
}
