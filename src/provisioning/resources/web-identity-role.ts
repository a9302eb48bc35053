import { AdminError } from '../../errors.ts'
import type { ClientId } from '../../iam/client-id.ts'
import type { Issuer } from '../../iam/issuer.ts'
import { federatedPrincipal, isBuiltIn } from '../../iam/oidc-provider.ts'
import type { PolicyArn } from '../../iam/policy-arn.ts'
import type { PolicyDocument } from '../../iam/policy-document.ts'
import { quote, shellQuote } from '../../iam/quote.ts'
import type { RoleName, RolePath } from '../../iam/role-name.ts'
import type { RoleDescription, SessionSeconds } from '../../iam/role-settings.ts'
import type { Subject } from '../../iam/subject.ts'
import { webIdentityTrustPolicy } from '../../iam/trust-policy.ts'
import type { AwsAccount, ObservedRole } from '../aws-port.ts'
import { ownerOf } from '../ownership.ts'
import { parsePolicyDocument } from '../policy-document.ts'
import { type PlannedChange, type Resource, toChange } from '../resource.ts'
import { trustWidening } from '../trust-widening.ts'
import { findProvider, lookalikeWarning } from './oidc-provider.ts'
import { refuseForeignPolicies, trustPolicySize } from './role-checks.ts'
import { roleCreation, roleDifferences } from './role-differences.ts'

/** What is `undefined` was not asked for, and stays as it is. */
export interface WebIdentityRoleRequest {
  readonly spec: string
  readonly name: RoleName
  readonly issuer: Issuer
  readonly clientId: ClientId
  /** Empty: every user of the client id. */
  readonly subjects: readonly Subject[]
  readonly path: RolePath | undefined
  readonly description: RoleDescription | undefined
  readonly maxSessionSeconds: SessionSeconds | undefined
  /** `null`: none. */
  readonly permissionsBoundary: PolicyArn | null | undefined
  readonly managedPolicies: readonly PolicyArn[] | undefined
  /** Take over a role that is not ours. */
  readonly adopt: boolean
}

/** A role that the users of an OIDC client assume with their ID token. Changed in place, never recreated. */
export function webIdentityRole(request: WebIdentityRoleRequest): Resource {
  return { kind: 'web-identity-role', plan: (account) => planRole(account, request) }
}

async function planRole(account: AwsAccount, request: WebIdentityRoleRequest): Promise<PlannedChange> {
  refuseForeignPolicies(account.identity, request)
  const observed = await account.getRole(request.name)
  const trustPolicy = desiredTrust(account, request)
  if (observed !== null) refuseWhatCannotChange(observed, request, account)
  const attached = observed === null ? [] : await account.listAttachedRolePolicies(request.name)
  const differences =
    observed === null
      ? [roleCreation(request, trustPolicy)]
      : roleDifferences(request, trustPolicy, { role: observed, attachedPolicies: attached })
  const size = await trustPolicySize(account, trustPolicy)
  const { partition, accountId } = account.identity
  return {
    arn: `arn:${partition}:iam::${accountId}:role${observed?.path ?? request.path ?? '/'}${request.name}`,
    change: toChange(
      account,
      { kind: 'web-identity-role', name: request.name, exists: observed !== null },
      differences,
    ),
    sizes: [size],
    warnings: [...exposureWarnings(request, observed, trustPolicy), ...(await providerWarnings(account, request))],
  }
}

function desiredTrust(
  { identity }: AwsAccount,
  { issuer, clientId, subjects }: WebIdentityRoleRequest,
): PolicyDocument {
  const providerArn = federatedPrincipal(identity.partition, identity.accountId, issuer)
  return webIdentityTrustPolicy({ providerArn, issuer, clientIds: [clientId], subjects })
}

/** @throws AdminError REFUSED_NOT_OURS, REFUSED_IMMUTABLE for the path, which IAM never changes */
function refuseWhatCannotChange(
  observed: ObservedRole,
  { name, path, spec, adopt }: WebIdentityRoleRequest,
  { identity }: AwsAccount,
): void {
  const owner = ownerOf(observed.tags, spec)
  if (owner.kind !== 'ours' && !adopt) {
    const whose = owner.kind === 'foreign' ? 'it does not carry our tag' : `it belongs to the spec ${quote(owner.spec)}`
    const advice = '--adopt takes it over: tags it and makes it as asked'
    throw new AdminError(
      'REFUSED_NOT_OURS',
      `the role ${quote(name)} is already in account ${identity.accountId}, and ${whose}\n${advice}`,
      {
        details: { role: name, accountId: identity.accountId, owner },
      },
    )
  }
  if (path !== undefined && path !== observed.path) {
    const message = `the role ${quote(name)} has the path ${quote(observed.path)}, not ${quote(path)}; IAM cannot change the path of a role`
    throw new AdminError('REFUSED_IMMUTABLE', `${message}\nleave --path out, or choose another name`, {
      details: { role: name, path: observed.path, expected: path },
    })
  }
}

function exposureWarnings(
  { name, clientId, subjects, permissionsBoundary }: WebIdentityRoleRequest,
  observed: ObservedRole | null,
  trustPolicy: PolicyDocument,
): readonly string[] {
  const everybody = `any user of client ${quote(clientId)} can assume the role ${quote(name)}; --subject limits it to the people you name`
  const widening = observed === null ? [] : trustWidening(parsePolicyDocument(observed.trustPolicy), { ...trustPolicy })
  const lifted = permissionsBoundary === null ? observed?.permissionsBoundary : null
  return [
    ...(subjects.length === 0 ? [everybody] : []),
    ...(lifted ? [`the role ${quote(name)} will no longer be bounded by ${lifted}`] : []),
    ...widening.map((words) => `this lets in more people than before: ${words}`),
  ]
}

/** Without its provider the role is correct and useless; the command that makes the provider goes with the warning. */
async function providerWarnings(
  account: AwsAccount,
  { issuer, clientId }: WebIdentityRoleRequest,
): Promise<readonly string[]> {
  if (isBuiltIn(issuer)) return []
  const search = await ifAllowed(() => findWithClientIds(account, issuer))
  if (search === null)
    return ['AWS does not let you list the OIDC providers, so nobody looked whether the issuer has one']
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
