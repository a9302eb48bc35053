import { DescribeIamInstanceProfileAssociationsCommand, EC2Client } from '@aws-sdk/client-ec2'
import {
  GetInstanceProfileCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesCommand,
  ListOpenIDConnectProvidersCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam'
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds'
import { RedshiftClient } from '@aws-sdk/client-redshift'

/** Reads the emulator with clients of the test's own: what the program says of itself proves nothing. */
export class AwsReader {
  readonly iam: IAMClient
  readonly ec2: EC2Client
  readonly rds: RDSClient
  readonly redshift: RedshiftClient

  constructor(environment: Readonly<Record<string, string>>) {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment
    const settings = {
      endpoint: environment.AWS_ENDPOINT_URL ?? '',
      region: environment.AWS_REGION ?? '',
      credentials: { accessKeyId, secretAccessKey },
    }
    this.iam = new IAMClient(settings)
    this.ec2 = new EC2Client(settings)
    this.rds = new RDSClient(settings)
    this.redshift = new RedshiftClient(settings)
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
    const { Roles = [] } = await this.iam.send(new ListRolesCommand({ MaxItems: 1000 }))
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
      trust: toDocument(seen?.AssumeRolePolicyDocument),
      tags: toObject(seen?.Tags),
      policies: AttachedPolicies.map(({ PolicyArn }) => PolicyArn).sort(),
    }
  }

  /** Inline policies by name. */
  async rolePolicies(RoleName: string) {
    const { PolicyNames = [] } = await this.iam.send(new ListRolePoliciesCommand({ RoleName }))
    const documents = PolicyNames.toSorted().map(async (PolicyName) => {
      const { PolicyDocument } = await this.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
      return [PolicyName, toDocument(PolicyDocument)] as const
    })
    return Object.fromEntries(await Promise.all(documents))
  }

  /** ARNs of the account's own managed policies. */
  async policies(): Promise<readonly string[]> {
    const { Policies = [] } = await this.iam.send(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000 }))
    return Policies.map(({ Arn = '' }) => Arn).sort()
  }

  async policy(PolicyArn: string) {
    const { Policy } = await this.iam.send(new GetPolicyCommand({ PolicyArn }))
    const { Versions = [] } = await this.iam.send(new ListPolicyVersionsCommand({ PolicyArn }))
    const VersionId = Policy?.DefaultVersionId
    const { PolicyVersion } = await this.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }))
    return {
      document: toDocument(PolicyVersion?.Document),
      defaultVersion: VersionId,
      versions: Versions.map(({ VersionId }) => VersionId).sort(),
      tags: toObject(Policy?.Tags),
    }
  }

  async instanceProfileNames(): Promise<readonly string[]> {
    const { InstanceProfiles = [] } = await this.iam.send(new ListInstanceProfilesCommand({ MaxItems: 1000 }))
    return InstanceProfiles.map(({ InstanceProfileName = '' }) => InstanceProfileName).sort()
  }

  async instanceProfile(name: string) {
    const request = new GetInstanceProfileCommand({ InstanceProfileName: name })
    const { InstanceProfile: seen } = await this.iam.send(request)
    const roles = (seen?.Roles ?? []).map(({ RoleName }) => RoleName)
    return { arn: seen?.Arn, path: seen?.Path, roles, tags: toObject(seen?.Tags) }
  }

  /** ARNs of instance profiles by instance. */
  async associations(): Promise<Readonly<Record<string, string>>> {
    const { IamInstanceProfileAssociations: all = [] } = await this.ec2.send(
      new DescribeIamInstanceProfileAssociationsCommand({}),
    )
    const byInstance = new Map(all.map(({ InstanceId = '', IamInstanceProfile }) => [InstanceId, IamInstanceProfile]))
    if (byInstance.size !== all.length) throw new Error(`an instance has two profiles: ${JSON.stringify(all)}`)
    return Object.fromEntries([...byInstance].map(([instance, profile]) => [instance, profile?.Arn ?? '']))
  }

  /** Describes it once: that counts where changes take effect after so many times. */
  async cluster(identifier: string) {
    const request = new DescribeDBClustersCommand({ DBClusterIdentifier: identifier })
    const [seen] = (await this.rds.send(request)).DBClusters ?? []
    return {
      resourceId: seen?.DbClusterResourceId,
      iamAuthentication: seen?.IAMDatabaseAuthenticationEnabled,
      pending: seen?.PendingModifiedValues?.IAMDatabaseAuthenticationEnabled,
    }
  }

  /** Describes it once: that counts where changes take effect after so many times. */
  async databaseInstance(identifier: string) {
    const request = new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier })
    const [seen] = (await this.rds.send(request)).DBInstances ?? []
    return {
      resourceId: seen?.DbiResourceId,
      iamAuthentication: seen?.IAMDatabaseAuthenticationEnabled,
      pending: seen?.PendingModifiedValues?.IAMDatabaseAuthenticationEnabled,
    }
  }
}

/** moto encodes some documents and not others. */
function toDocument(text = '') {
  return JSON.parse(text.startsWith('%7B') ? decodeURIComponent(text) : text)
}

function toObject(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []) {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
}
