import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam'

/** Reads the emulator with a client of the test's own: what the program says of itself proves nothing. */
export class AwsReader {
  readonly iam: IAMClient

  constructor(environment: Readonly<Record<string, string>>) {
    this.iam = new IAMClient({
      endpoint: environment.AWS_ENDPOINT_URL ?? '',
      region: environment.AWS_REGION ?? '',
      credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: 'secret' },
    })
  }

  async providers(): Promise<readonly string[]> {
    const { OpenIDConnectProviderList = [] } = await this.iam.send(new ListOpenIDConnectProvidersCommand({}))
    return OpenIDConnectProviderList.map(({ Arn = '' }) => Arn).sort()
  }

  async provider(arn: string) {
    const seen = await this.iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))
    const { Url: url, ClientIDList: clientIds = [], ThumbprintList: thumbprints = [], Tags } = seen
    return { url, clientIds, thumbprints, tags: toObject(Tags) }
  }

  async roleNames(): Promise<readonly string[]> {
    const { Roles = [] } = await this.iam.send(new ListRolesCommand({}))
    return Roles.map(({ RoleName = '' }) => RoleName).sort()
  }

  async role(name: string) {
    const { Role: seen } = await this.iam.send(new GetRoleCommand({ RoleName: name }))
    const { AttachedPolicies = [] } = await this.iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name }))
    return {
      id: seen?.RoleId,
      arn: seen?.Arn,
      path: seen?.Path,
      description: seen?.Description,
      maxSessionDuration: seen?.MaxSessionDuration,
      boundary: seen?.PermissionsBoundary?.PermissionsBoundaryArn,
      trust: JSON.parse(decodeURIComponent(seen?.AssumeRolePolicyDocument ?? '')),
      tags: toObject(seen?.Tags),
      policies: AttachedPolicies.map(({ PolicyArn }) => PolicyArn).sort(),
    }
  }
}

function toObject(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []) {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
}
