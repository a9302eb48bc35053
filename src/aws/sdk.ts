/**
 * All that we use of the AWS SDK. Only ever loaded by `await import('./sdk.ts')`: it is a file of its own in the build,
 * and commands that do not talk to AWS never read it.
 */
export {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DetachRolePolicyCommand,
  GetAccountSummaryCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  PutRolePermissionsBoundaryCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam'
export { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
export { fromNodeProviderChain } from '@aws-sdk/credential-providers'
