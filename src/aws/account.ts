import type { IAMClient, Role } from '@aws-sdk/client-iam'
import { AdminError } from '../errors.ts'
import type { AwsAccount, ObservedRole } from '../provisioning/aws-port.ts'
import type { Call, CallerIdentity } from '../provisioning/plan.ts'
import type { Sdk } from './clients.ts'
import { translate } from './errors.ts'

/** IAM of one account behind the port of provisioning. */
export function iamAccount(sdk: Sdk, client: IAMClient, identity: CallerIdentity): AwsAccount {
  /** Every request goes through here, so that every failure is explained in the same way. */
  async function ask<T>(operation: string, resource: string | null, request: () => Promise<T>): Promise<T> {
    try {
      return await request()
    } catch (error) {
      throw translate(error, { action: `iam:${operation}`, resource, caller: identity.callerArn, region: null })
    }
  }

  return {
    identity,

    async listOidcProviders() {
      const answer = await ask('ListOpenIDConnectProviders', null, () =>
        client.send(new sdk.ListOpenIDConnectProvidersCommand({})),
      )
      return (answer.OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? [])
    },

    async getOidcProvider(arn) {
      const request = new sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })
      const { ClientIDList = [] } = await ask('GetOpenIDConnectProvider', arn, () => client.send(request))
      return { clientIds: ClientIDList }
    },

    async getRole(name) {
      try {
        const { Role: role } = await ask('GetRole', `role ${name}`, () =>
          client.send(new sdk.GetRoleCommand({ RoleName: name })),
        )
        return role === undefined ? null : toObservedRole(role)
      } catch (error) {
        if (error instanceof AdminError && error.code === 'NOT_FOUND_AWS') return null
        throw error
      }
    },

    async listAttachedRolePolicies(roleName) {
      const arns: string[] = []
      let marker: string | undefined
      do {
        const request = new sdk.ListAttachedRolePoliciesCommand({ RoleName: roleName, Marker: marker })
        const page = await ask('ListAttachedRolePolicies', `role ${roleName}`, () => client.send(request))
        arns.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []))
        marker = page.IsTruncated === true ? page.Marker : undefined
      } while (marker !== undefined)
      return arns
    },

    async trustPolicySizeQuota() {
      const { SummaryMap = {} } = await ask('GetAccountSummary', null, () =>
        client.send(new sdk.GetAccountSummaryCommand({})),
      )
      return SummaryMap.AssumeRolePolicySizeQuota ?? null
    },

    async send(call) {
      await ask(call.operation, resourceOf(call), () => client.send(toCommand(sdk, call)))
    },
  }
}

function toObservedRole(role: Role): ObservedRole {
  return {
    path: role.Path ?? '/',
    description: role.Description ?? '',
    maxSessionSeconds: role.MaxSessionDuration ?? 3600,
    permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    trustPolicy: role.AssumeRolePolicyDocument ?? '',
    tags: Object.fromEntries((role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  }
}

/** Any command of IAM: to the compiler they have nothing in common that could be sent. */
type Command = InstanceType<Sdk['CreateRoleCommand']>

/** The one place where a call of a plan becomes a request; what is not in this table cannot be sent. */
function toCommand(sdk: Sdk, { operation, input }: Call): Command {
  const commands: Readonly<Record<string, unknown>> = {
    AddClientIDToOpenIDConnectProvider: sdk.AddClientIDToOpenIDConnectProviderCommand,
    AttachRolePolicy: sdk.AttachRolePolicyCommand,
    CreateOpenIDConnectProvider: sdk.CreateOpenIDConnectProviderCommand,
    CreateRole: sdk.CreateRoleCommand,
    DeleteRolePermissionsBoundary: sdk.DeleteRolePermissionsBoundaryCommand,
    DetachRolePolicy: sdk.DetachRolePolicyCommand,
    PutRolePermissionsBoundary: sdk.PutRolePermissionsBoundaryCommand,
    TagRole: sdk.TagRoleCommand,
    UpdateAssumeRolePolicy: sdk.UpdateAssumeRolePolicyCommand,
    UpdateRole: sdk.UpdateRoleCommand,
  }
  if (!Object.hasOwn(commands, operation)) {
    throw new Error(`a plan names an operation that is not there: iam:${operation}`)
  }
  // The input is what the API reference says; IAM checks it, the compiler cannot.
  const CommandOf = commands[operation] as new (of: Call['input']) => Command
  return new CommandOf(input)
}

function resourceOf({ input }: Call): string | null {
  const { RoleName: role, OpenIDConnectProviderArn: provider, Url: url } = input
  if (role !== undefined) return `role ${String(role)}`
  return provider === undefined && url === undefined ? null : String(provider ?? url)
}
