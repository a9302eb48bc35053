import type { Patch } from './aws-emulator-patches.ts'
import { type AwsAnswer, type AwsRequest, errorAnswer } from './aws-emulator-requests.ts'
import { members, outerMembers, text } from './aws-emulator-xml.ts'

export const iamPatches: Readonly<Record<string, Patch>> = {
  // Missing in moto (HTTP 500). IAM API reference, AddClientIDToOpenIDConnectProvider: "Adds a new client ID to the list
  // of client IDs already registered. This operation is idempotent; it does not fail or return an error if you add an
  // existing client ID." moto cannot change the list, so the provider is made anew with all that it had.
  async AddClientIDToOpenIDConnectProvider({ body, parameters }, forward) {
    // Whether it is allowed moto does know.
    const refusal = await forward(body)
    if (refusal.status < 500) return refusal
    const arn = parameters.get('OpenIDConnectProviderArn') ?? ''
    const seen = await forward(call('GetOpenIDConnectProvider', { OpenIDConnectProviderArn: arn }))
    if (seen.status !== 200) return seen
    const clientIds = new Set([...members(seen.body, 'ClientIDList'), parameters.get('ClientID') ?? ''])
    await forward(call('DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: arn }))
    const made = await forward(
      call('CreateOpenIDConnectProvider', {
        Url: `https://${text(seen.body, 'Url')}`,
        ...numbered('ClientIDList', [...clientIds]),
        ...numbered('ThumbprintList', members(seen.body, 'ThumbprintList')),
        ...tags(seen.body),
      }),
    )
    return made.status === 200 ? { status: 200, body: '<AddClientIDToOpenIDConnectProviderResponse/>' } : made
  },

  // moto deletes a policy that is attached or has versions. IAM API reference, DeletePolicy: "Before you can delete a
  // managed policy, you must first detach the policy from all users, groups, and roles that it is attached to. In
  // addition, you must delete all the policy's versions."
  async DeletePolicy({ parameters, body }, forward) {
    const PolicyArn = parameters.get('PolicyArn') ?? ''
    const entities = await forward(call('ListEntitiesForPolicy', { PolicyArn }))
    const versions = await forward(call('ListPolicyVersions', { PolicyArn }))
    if (/<member>/.test(entities.body) && entities.status === 200)
      return errorAnswer(409, 'DeleteConflict', 'Cannot delete a policy attached to entities.')
    if (members(versions.body, 'Versions').length > 1)
      return errorAnswer(409, 'DeleteConflict', 'This policy has more than one version.')
    return forward(body)
  },

  // moto fails (HTTP 500) where the role is not in the profile. IAM API reference, RemoveRoleFromInstanceProfile:
  // NoSuchEntity, "a resource entity that does not exist".
  async RemoveRoleFromInstanceProfile({ parameters, body }, forward) {
    const [profile, role] = [parameters.get('InstanceProfileName') ?? '', parameters.get('RoleName') ?? '']
    const seen = await forward(call('GetInstanceProfile', { InstanceProfileName: profile }))
    const isIn = seen.body.includes(`<RoleName>${role}</RoleName>`)
    return seen.status === 200 && !isIn
      ? errorAnswer(404, 'NoSuchEntity', `The role with name ${role} cannot be found.`)
      : forward(body)
  },

  // moto's quotas cannot be changed.
  async GetAccountSummary({ body }, forward, { quotas }) {
    const answer = await forward(body)
    const rewritten = [...quotas].reduce((xml, [name, value]) => withQuota(xml, name, value), answer.body)
    return { ...answer, body: rewritten }
  },

  // moto answers with all at once. IAM API reference, GetAccountAuthorizationDetails: MaxItems (default 100), "IAM might
  // return fewer than the MaxItems number of results, even when there are more results available".
  async GetAccountAuthorizationDetails(asked, forward, { pageSize }) {
    const answer = await forward(asked.body)
    return answer.status === 200 ? onePage(answer, asked, pageSize) : answer
  },

  // IAM API reference, ListRoles: the same.
  async ListRoles({ body, parameters }, forward, { pageSize }) {
    if (Number(parameters.get('MaxItems') ?? 100) <= pageSize) return forward(body)
    const form = new URLSearchParams(parameters)
    form.set('MaxItems', String(pageSize))
    return forward(form)
  },
}

function call(action: string, parameters: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters })
}

function numbered(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.member.${index + 1}`, value]))
}

function tags(xml: string): Record<string, string> {
  const pairs = members(xml, 'Tags').map((tag) => [text(tag, 'Key'), text(tag, 'Value')] as const)
  return {
    ...Object.fromEntries(pairs.map(([key], index) => [`Tags.member.${index + 1}.Key`, key])),
    ...Object.fromEntries(pairs.map(([, value], index) => [`Tags.member.${index + 1}.Value`, value])),
  }
}

function withQuota(xml: string, name: string, value: number): string {
  const entry = `<entry><key>${name}</key><value>${value}</value></entry>`
  const known = new RegExp(`<entry><key>${name}</key><value>\\d+</value></entry>`)
  return known.test(xml) ? xml.replace(known, entry) : xml.replace('<SummaryMap>', `<SummaryMap>${entry}`)
}

function onePage({ status, body }: AwsAnswer, { parameters }: AwsRequest, pageSize: number): AwsAnswer {
  const roles = outerMembers(body, 'RoleDetailList')
  const policies = outerMembers(body, 'Policies')
  const from = Number(parameters.get('Marker') ?? 0)
  const to = from + Math.min(Number(parameters.get('MaxItems') ?? 100), pageSize)
  const isLast = to >= roles.length + policies.length
  const page = [
    `<RoleDetailList>${roles.slice(from, to).join('')}</RoleDetailList>`,
    `<Policies>${policies.slice(Math.max(0, from - roles.length), Math.max(0, to - roles.length)).join('')}</Policies>`,
    `<IsTruncated>${!isLast}</IsTruncated>${isLast ? '' : `<Marker>${to}</Marker>`}`,
  ]
  const name = 'GetAccountAuthorizationDetails'
  return { status, body: `<${name}Response><${name}Result>${page.join('')}</${name}Result></${name}Response>` }
}
