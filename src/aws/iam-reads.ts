import type { Policy, PolicyVersion, Tag } from '@aws-sdk/client-iam'
import type { IamReads, ObservedPolicy } from '../provisioning/aws-port.ts'
import { type Ask, everyPage, orNull } from './ask.ts'
import type { Iam } from './clients.ts'
import { MAX_ITEMS, nextMarker, toObservedInstanceProfile, toObservedRole, toTags, versionIds } from './iam-answers.ts'
import { readRoleListings } from './iam-snapshot.ts'

/** IAM asked anew each time, one thing after another. */
export function iamReads(iam: Iam, ask: Ask): IamReads {
  const { client, sdk } = iam
  return {
    async listOidcProviders() {
      const request = new sdk.ListOpenIDConnectProvidersCommand({})
      const { OpenIDConnectProviderList: list = [] } = await ask('iam:ListOpenIDConnectProviders', null, () =>
        client.send(request),
      )
      return list.flatMap(({ Arn }) => Arn ?? [])
    },

    async getOidcProvider(arn) {
      const request = new sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })
      const seen = await ask('iam:GetOpenIDConnectProvider', arn, () => client.send(request))
      return { clientIds: seen.ClientIDList ?? [], thumbprints: seen.ThumbprintList ?? [], tags: toTags(seen.Tags) }
    },

    listRoles: () => readRoleListings(iam, ask),

    async getRole(name) {
      const request = new sdk.GetRoleCommand({ RoleName: name })
      const answer = await orNull(ask('iam:GetRole', `role ${name}`, () => client.send(request)))
      return answer?.Role === undefined ? null : toObservedRole(answer.Role)
    },

    listAttachedRolePolicies: (roleName) => listAttachedRolePolicies(iam, ask, roleName),

    async listRolePolicies(roleName) {
      const names = await listRolePolicyNames(iam, ask, roleName)
      const documents = names.map(async (name) => [name, await getRolePolicy(iam, ask, roleName, name)] as const)
      return Object.fromEntries(await Promise.all(documents))
    },

    listLocalPolicies: () => listLocalPolicies(iam, ask),

    hasPolicy: async (arn) => (await findPolicy(iam, ask, arn)) !== null,

    getPolicy: (arn) => getPolicy(iam, ask, arn),

    async getInstanceProfile(name) {
      const request = new sdk.GetInstanceProfileCommand({ InstanceProfileName: name })
      const asked = ask('iam:GetInstanceProfile', `instance profile ${name}`, () => client.send(request))
      const answer = await orNull(asked)
      return answer?.InstanceProfile === undefined ? null : toObservedInstanceProfile(answer.InstanceProfile)
    },

    async accountSummary() {
      const request = new sdk.GetAccountSummaryCommand({})
      const { SummaryMap = {} } = await ask('iam:GetAccountSummary', null, () => client.send(request))
      return SummaryMap
    },
  }
}

function listAttachedRolePolicies({ client, sdk }: Iam, ask: Ask, roleName: string): Promise<readonly string[]> {
  return everyPage(
    (marker) => {
      const request = new sdk.ListAttachedRolePoliciesCommand({ RoleName: roleName, Marker: marker })
      return ask('iam:ListAttachedRolePolicies', `role ${roleName}`, () => client.send(request))
    },
    nextMarker,
    ({ AttachedPolicies = [] }) => AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []),
  )
}

function listRolePolicyNames({ client, sdk }: Iam, ask: Ask, roleName: string): Promise<readonly string[]> {
  return everyPage(
    (marker) => {
      const request = new sdk.ListRolePoliciesCommand({ RoleName: roleName, Marker: marker })
      return ask('iam:ListRolePolicies', `role ${roleName}`, () => client.send(request))
    },
    nextMarker,
    ({ PolicyNames = [] }) => PolicyNames,
  )
}

async function getRolePolicy({ client, sdk }: Iam, ask: Ask, roleName: string, name: string): Promise<string> {
  const request = new sdk.GetRolePolicyCommand({ RoleName: roleName, PolicyName: name })
  const { PolicyDocument: document = '' } = await ask('iam:GetRolePolicy', `role ${roleName}`, () =>
    client.send(request),
  )
  return document
}

function listLocalPolicies({ client, sdk }: Iam, ask: Ask): Promise<readonly string[]> {
  return everyPage(
    (marker) => {
      const request = new sdk.ListPoliciesCommand({ Scope: 'Local', MaxItems: MAX_ITEMS, Marker: marker })
      return ask('iam:ListPolicies', null, () => client.send(request))
    },
    nextMarker,
    ({ Policies = [] }) => Policies.flatMap(({ Arn }) => Arn ?? []),
  )
}

export function listPolicyTags({ client, sdk }: Iam, ask: Ask, arn: string): Promise<readonly Tag[]> {
  return everyPage(
    (marker) => {
      const request = new sdk.ListPolicyTagsCommand({ PolicyArn: arn, Marker: marker })
      return ask('iam:ListPolicyTags', arn, () => client.send(request))
    },
    nextMarker,
    ({ Tags = [] }) => Tags,
  )
}

async function findPolicy({ client, sdk }: Iam, ask: Ask, arn: string): Promise<Policy | null> {
  const request = new sdk.GetPolicyCommand({ PolicyArn: arn })
  const answer = await orNull(ask('iam:GetPolicy', arn, () => client.send(request)))
  return answer?.Policy ?? null
}

async function getPolicy({ client, sdk }: Iam, ask: Ask, arn: string): Promise<ObservedPolicy | null> {
  const policy = await findPolicy({ client, sdk }, ask, arn)
  if (policy === null) return null
  const { DefaultVersionId: defaultVersion = '', Tags } = policy
  const ofDefault = new sdk.GetPolicyVersionCommand({ PolicyArn: arn, VersionId: defaultVersion })
  const [{ PolicyVersion: version }, versions] = await Promise.all([
    ask('iam:GetPolicyVersion', arn, () => client.send(ofDefault)),
    listPolicyVersions({ client, sdk }, ask, arn),
  ])
  return { arn, document: version?.Document ?? '', versions: versionIds(versions), tags: toTags(Tags) }
}

function listPolicyVersions({ client, sdk }: Iam, ask: Ask, arn: string): Promise<readonly PolicyVersion[]> {
  return everyPage(
    (marker) => {
      const request = new sdk.ListPolicyVersionsCommand({ PolicyArn: arn, Marker: marker })
      return ask('iam:ListPolicyVersions', arn, () => client.send(request))
    },
    nextMarker,
    ({ Versions = [] }) => Versions,
  )
}
