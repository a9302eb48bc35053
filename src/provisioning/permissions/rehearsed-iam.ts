import { oidcProviderArn } from '../../iam/oidc-provider.ts'
import type { IamReads, ObservedInstanceProfile, ObservedRole, RoleListing } from '../aws-port.ts'
import { ownershipTags } from '../ownership.ts'
import type { SpecInstanceProfile, SpecRoleSettings } from '../spec/spec.ts'
import { iamArn, type ObsoleteRole, type Rehearsal, UNKNOWN } from './rehearsal-account.ts'

/**
 * Decides what stays inline (IAM user guide, "IAM and AWS STS quotas"). How many policies a role may have attached is the
 * account's own affair: a plan tells.
 */
const QUOTAS = {
  RolePolicySizeQuota: 10_240,
  PolicySizeQuota: 6144,
  VersionsPerPolicyQuota: 5,
  AttachedPoliciesPerRoleQuota: Number.POSITIVE_INFINITY,
}

/** The IAM of an account that exists nowhere. Roles and policies are read in bulk, as for every spec. */
export function rehearsedIam(rehearsal: Rehearsal): IamReads {
  const { spec, identity, situation, onRead } = rehearsal
  const isBlank = situation === 'blank'
  const { issuer = null } = spec.identityProvider ?? {}
  const providers = issuer === null ? [] : [oidcProviderArn(identity.partition, identity.accountId, issuer)]
  const roles = imaginedRoles(rehearsal)
  const readAll = () => {
    onRead('iam:GetAccountAuthorizationDetails', '*')
    onRead('iam:ListRoles', '*')
  }
  return {
    async listOidcProviders() {
      onRead('iam:ListOpenIDConnectProviders', '*')
      return isBlank ? [] : providers
    },
    async getOidcProvider(arn) {
      onRead('iam:GetOpenIDConnectProvider', arn)
      return { clientIds: [], thumbprints: ['0'.repeat(40)], tags: ownershipTags(spec.name) }
    },
    async listRoles() {
      readAll()
      return roles.map(({ listing }) => listing)
    },
    async getRole(name) {
      readAll()
      return roles.find(({ listing }) => listing.name === name)?.role ?? null
    },
    async listAttachedRolePolicies() {
      readAll()
      return isBlank ? [] : [iamArn(rehearsal, 'policy/', UNKNOWN)]
    },
    async listRolePolicies(): Promise<Readonly<Record<string, string>>> {
      readAll()
      return isBlank ? {} : { [UNKNOWN]: '{}' }
    },
    // What was too long for a role once, and no longer is.
    async listLocalPolicies() {
      readAll()
      return roles.map(({ listing: { path, name } }) => iamArn(rehearsal, 'policy', `${path}${name}-${UNKNOWN}`))
    },
    async hasPolicy(arn) {
      if (arn.split(':')[4] === identity.accountId) readAll()
      else onRead('iam:GetPolicy', arn)
      return true
    },
    async getPolicy(arn) {
      readAll()
      if (isBlank) return null
      // Whatever the account has is asked about if its name could be one of ours, in any path.
      onRead('iam:ListPolicyTags', iamArn(rehearsal, 'policy/', UNKNOWN))
      const tags = arn.endsWith(UNKNOWN) ? ownershipTags(spec.name) : {}
      return { arn, document: '{}', versions: ['v5', 'v1', 'v2', 'v3', 'v4'], tags }
    },
    async getInstanceProfile(name) {
      const profile = imaginedProfiles(rehearsal).find((imagined) => imagined.name === name)
      // A request has no path, so of what is not there AWS does not know one.
      if (name !== UNKNOWN) onRead('iam:GetInstanceProfile', iamArn(rehearsal, 'instance-profile/', name))
      if (profile !== undefined) onRead('iam:GetInstanceProfile', profile.observed.arn)
      return isBlank ? null : (profile?.observed ?? null)
    },
    async accountSummary() {
      onRead('iam:GetAccountSummary', '*')
      return QUOTAS
    },
  }
}

interface ImaginedRole {
  readonly listing: RoleListing
  readonly role: ObservedRole
}

function imaginedRoles({ spec, situation, obsolete }: Rehearsal): readonly ImaginedRole[] {
  if (situation === 'blank') return []
  const owner = ownershipTags(spec.name)
  const tags = situation === 'ours' ? owner : {}
  return [
    ...spec.roles.map((role) => imaginedRole({ ...role, kind: 'web-identity-role' }, tags)),
    ...spec.instanceProfiles.map((role) => imaginedRole({ ...role, kind: 'ec2-role' }, tags)),
    ...(obsolete === null ? [] : [imaginedRole({ ...obsolete, name: UNKNOWN }, owner)]),
  ]
}

type Imaginable = ObsoleteRole & { readonly name: string } & Partial<
    Pick<SpecRoleSettings, 'description' | 'permissionsBoundary'>
  >

/** Nothing of it is as a spec would have it, but for name and path, which cannot be changed. */
function imaginedRole(
  { kind, name, path, description, permissionsBoundary }: Imaginable,
  tags: RoleListing['tags'],
): ImaginedRole {
  const Principal = kind === 'ec2-role' ? { Service: 'ec2.amazonaws.com' } : { AWS: '*' }
  const trustPolicy = JSON.stringify({ Statement: [{ Effect: 'Deny', Principal, Action: 'sts:*' }] })
  const boundary = permissionsBoundary ? null : `arn:aws:iam::aws:policy/${UNKNOWN}`
  return {
    listing: { name, path, trustPolicy, tags, instanceProfiles: kind === 'ec2-role' ? [name] : [] },
    role: {
      name,
      path,
      description: `not ${description}`,
      maxSessionSeconds: 3601,
      permissionsBoundary: boundary,
      trustPolicy,
      tags,
    },
  }
}

interface ImaginedProfile {
  readonly name: string
  readonly observed: ObservedInstanceProfile
}

/** Those of the spec hold another role; what the spec has no more is ours and holds its own. */
export function imaginedProfiles(rehearsal: Rehearsal): readonly ImaginedProfile[] {
  const { spec, situation, obsolete } = rehearsal
  const owner = ownershipTags(spec.name)
  const imagine = ({ name, path }: Pick<SpecInstanceProfile | ObsoleteRole, 'path'> & { readonly name: string }) => ({
    arn: iamArn(rehearsal, 'instance-profile', `${path}${name}`),
    path,
    roles: [UNKNOWN],
    tags: situation === 'ours' || name === UNKNOWN ? owner : {},
  })
  const gone = obsolete?.kind === 'ec2-role' ? [{ ...obsolete, name: UNKNOWN }] : []
  return [...spec.instanceProfiles, ...gone].map((profile) => ({ name: profile.name, observed: imagine(profile) }))
}
