import { AdminError } from '../../errors.ts'
import type { ClientId } from '../../iam/client-id.ts'
import type { Issuer } from '../../iam/issuer.ts'
import { federatedPrincipal, isBuiltIn } from '../../iam/oidc-provider.ts'
import type { PolicyDocument } from '../../iam/policy-document.ts'
import { quote, shellQuote } from '../../iam/quote.ts'
import type { Subject } from '../../iam/subject.ts'
import { nobodyTrustPolicy, webIdentityTrustPolicy } from '../../iam/trust-policy.ts'
import type { AwsAccount } from '../aws-port.ts'
import type { CallerIdentity } from '../plan.ts'
import { parsePolicyDocument, statementsOf } from '../policy-document.ts'
import type { Resource } from '../resource.ts'
import { findProvider, lookalikeWarning } from './oidc-provider.ts'
import { planRole, type RoleRequest } from './role.ts'

export interface WebIdentityRoleRequest extends Omit<RoleRequest, 'kind' | 'trustPolicy'> {
  readonly issuer: Issuer
  readonly clientIds: readonly ClientId[]
  /** `any`: every user of the client ids. An empty list is nobody. */
  readonly subjects: 'any' | readonly Subject[]
  /** What must be there first, where the same plan makes it; else a warning says what is missing. */
  readonly provider: Resource | null
  readonly dependsOn: readonly Resource[]
  /** Whether a role that asks for subjects may become one that asks for none. */
  readonly mayOpen: boolean
}

/** A role that the users of an OIDC client assume with their ID token. */
export function webIdentityRole(request: WebIdentityRoleRequest): Resource {
  const { name, provider } = request
  return {
    kind: 'web-identity-role',
    name,
    dependsOn: [...(provider === null ? [] : [provider]), ...request.dependsOn],
    async plan(account) {
      const trustPolicy = desiredTrust(account.identity, request)
      const planned = await planRole(account, { ...request, kind: 'web-identity-role', trustPolicy })
      if (!request.mayOpen) await refuseOpening(account, request)
      const warnings = [
        ...(planned.change.action === 'unchanged' ? [] : exposureWarnings(request)),
        ...planned.warnings,
        ...(provider === null ? await providerWarnings(account, request) : []),
      ]
      return { ...planned, warnings }
    },
  }
}

function desiredTrust(identity: CallerIdentity, request: WebIdentityRoleRequest): PolicyDocument {
  const { issuer, clientIds, subjects } = request
  const providerArn = federatedPrincipal(identity.partition, identity.accountId, issuer)
  if (subjects !== 'any' && subjects.length === 0) return nobodyTrustPolicy(providerArn)
  return webIdentityTrustPolicy({ providerArn, issuer, clientIds, subjects: subjects === 'any' ? [] : subjects })
}

/**
 * A flag that was forgotten must not let everybody in.
 *
 * @throws AdminError REFUSED_OPENING
 */
async function refuseOpening(account: AwsAccount, { name, subjects }: WebIdentityRoleRequest): Promise<void> {
  if (subjects !== 'any') return
  const observed = await account.getRole(name)
  const statements = statementsOf(parsePolicyDocument(observed?.trustPolicy ?? '') ?? {})
  if (!statements.some(({ Condition }) => /:sub":/i.test(JSON.stringify(Condition ?? {})))) return
  const message = `the role ${quote(name)} is for some subjects, and would be open to every user of the client\nname them with --subject, or open it with --any-subject`
  throw new AdminError('REFUSED_OPENING', message, { details: { role: name } })
}

function exposureWarnings({ name, clientIds, subjects }: WebIdentityRoleRequest): readonly string[] {
  if (subjects !== 'any') return []
  const clients = clientIds.map(quote).join(' or ')
  return [
    `any user of client ${clients} can assume the role ${quote(name)}; naming subjects limits it to the people you mean`,
  ]
}

/** Without its provider the role is correct and useless; the command that makes the provider goes with the warning. */
async function providerWarnings(
  account: AwsAccount,
  { issuer, clientIds }: WebIdentityRoleRequest,
): Promise<readonly string[]> {
  if (isBuiltIn(issuer)) return []
  const search = await ifAllowed(() => findWithClientIds(account, issuer))
  if (search === null)
    return ['AWS does not let you list the OIDC providers, so nobody looked whether the issuer has one']
  const [clientId = ''] = clientIds
  const command = `admin provision oidc-provider --issuer ${shellQuote(issuer)} --client-id ${shellQuote(clientId)}`
  if (search.isThere) {
    if (search.clientIds === null)
      return [
        'AWS does not let you read the OIDC provider of the issuer, so nobody looked whether it has the client id',
      ]
    if (search.clientIds.includes(clientId)) return []
    return [
      `the OIDC provider ${search.arn} does not have the client id ${quote(clientId)}, so STS would answer "Incorrect token audience" to everybody; add it with: ${command}`,
    ]
  }
  const missing = `the account has no OIDC provider for ${quote(issuer)} yet, so nobody can assume the role; make it with: ${command}`
  return [missing, ...search.lookalikes.map((other) => lookalikeWarning(other, search.arn))]
}

async function findWithClientIds(account: AwsAccount, issuer: Issuer) {
  const search = await findProvider(account, issuer)
  const provider = search.isThere ? await ifAllowed(() => account.getOidcProvider(search.arn)) : null
  return { ...search, clientIds: provider?.clientIds ?? null }
}

async function ifAllowed<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof AdminError && error.code === 'DENIED_AWS') return null
    throw error
  }
}
