import type { AwsAccount, IamReads, ObservedRole } from '../provisioning/aws-port.ts'
import type { SdkAccount } from './account.ts'
import type { IamSnapshot, RoleDetails, RoleSettings } from './iam-snapshot.ts'
import { remembered } from './remembered.ts'

/**
 * The same account, answered from one snapshot of its IAM that is taken with the first question about a role or managed
 * policy; everything else is asked once and remembered. An account of any size takes a few requests more than an empty one.
 */
export function bulkReads(account: SdkAccount): AwsAccount {
  return { ...account, ...rememberedReads(account), ...snapshotReads(account), anew: () => bulkReads(account) }
}

/** What the snapshot does not tell. */
function rememberedReads(account: AwsAccount) {
  return {
    listOidcProviders: remembered(() => account.listOidcProviders()),
    getOidcProvider: remembered((arn: string) => account.getOidcProvider(arn)),
    getInstanceProfile: remembered((name: string) => account.getInstanceProfile(name)),
    accountSummary: remembered(() => account.accountSummary()),
    describeDatabase: remembered((...of: Parameters<AwsAccount['describeDatabase']>) =>
      account.describeDatabase(...of),
    ),
    supportsIamAuthentication: remembered((...of: Parameters<AwsAccount['supportsIamAuthentication']>) =>
      account.supportsIamAuthentication(...of),
    ),
    getWorkgroupId: remembered((name: string) => account.getWorkgroupId(name)),
    describeInstanceProfiles: remembered((ids: readonly string[]) => account.describeInstanceProfiles(ids)),
    listProfileAssociations: remembered(() => account.listProfileAssociations()),
  }
}

type SnapshotReads = Omit<IamReads, 'listOidcProviders' | 'getOidcProvider' | 'getInstanceProfile' | 'accountSummary'>

function snapshotReads(account: SdkAccount): SnapshotReads {
  const snapshot = remembered(async () => indexed(await account.readIamSnapshot()))
  const askPolicy = remembered((arn: string) => account.getPolicy(arn))
  const askWhether = remembered((arn: string) => account.hasPolicy(arn))
  const askPolicyTags = remembered((arn: string) => account.listPolicyTags(arn))
  return {
    async listRoles() {
      return [...(await snapshot()).roles.values()].map(({ listing }) => listing)
    },

    async getRole(name) {
      const { roles, settings } = await snapshot()
      const [role, its] = [roles.get(key(name)), settings.get(key(name))]
      // One that was made or deleted meanwhile may be in one answer only: it is not there yet, or no more.
      return role === undefined || its === undefined ? null : toObserved(role, its)
    },

    async listAttachedRolePolicies(roleName) {
      const role = (await snapshot()).roles.get(key(roleName))
      return role?.attachedPolicies ?? []
    },

    async listRolePolicies(roleName) {
      const role = (await snapshot()).roles.get(key(roleName))
      return role?.policies ?? {}
    },

    async listLocalPolicies() {
      return [...(await snapshot()).policies.keys()]
    },

    async hasPolicy(arn) {
      return isLocal(arn, account) ? (await snapshot()).policies.has(arn) : askWhether(arn)
    },

    async getPolicy(arn) {
      const policy = (await snapshot()).policies.get(arn)
      if (policy !== undefined) return { ...policy, tags: await askPolicyTags(arn) }
      return isLocal(arn, account) ? null : askPolicy(arn)
    },
  }
}

function indexed({ roles, policies, settings }: IamSnapshot) {
  return {
    roles: new Map(roles.map((role) => [key(role.listing.name), role])),
    policies: new Map(policies.map((policy) => [policy.arn, policy])),
    settings: new Map([...settings].map(([name, its]) => [key(name), its])),
  }
}

/** IAM tells names of roles apart without regard to case (IAM API reference, CreateRole). */
function key(name: string): string {
  return name.toLowerCase()
}

function toObserved({ listing, permissionsBoundary }: RoleDetails, settings: RoleSettings): ObservedRole {
  const { name, path, trustPolicy, tags } = listing
  return { name, path, ...settings, permissionsBoundary, trustPolicy, tags }
}

function isLocal(policyArn: string, { identity }: AwsAccount): boolean {
  return policyArn.split(':')[4] === identity.accountId
}
