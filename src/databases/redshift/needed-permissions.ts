import { type PolicyPlace, regionalArn } from '../../iam/policies/policy-place.ts'
import type { RedshiftLogin } from './redshift-login.ts'

/** An action of IAM, and on what. */
export interface NeededPermission {
  readonly action: string
  readonly resource: string
}

/**
 * All that a login needs (Service authorization reference, Amazon Redshift and Redshift Serverless; Amazon Redshift
 * management guide, "Resource policies for GetClusterCredentials"): the database of a login is a resource of its own, and
 * so is each group.
 *
 * @param workgroupId `null`: nobody knows it, and policies name a workgroup by nothing else
 */
export function neededPermissions(
  login: RedshiftLogin,
  place: PolicyPlace,
  workgroupId: string | null,
): readonly NeededPermission[] {
  if (login.method === 'get-credentials') return serverless(login, place, workgroupId)
  const { method, target, user, database, autoCreate, groups } = login
  const cluster = target.kind === 'cluster' ? target.name : '*'
  const permission = (action: string, type: string, name: string): NeededPermission => ({
    action: `redshift:${action}`,
    resource: regionalArn(place, 'redshift', `${type}:${cluster}/${name}`),
  })
  const described = describing(login, 'redshift:DescribeClusters', regionalArn(place, 'redshift', `cluster:${cluster}`))
  if (method === 'get-cluster-credentials-with-iam')
    return [permission('GetClusterCredentialsWithIAM', 'dbname', database), ...described]
  return [
    permission('GetClusterCredentials', 'dbuser', user ?? '*'),
    permission('GetClusterCredentials', 'dbname', database),
    ...(autoCreate ? [permission('CreateClusterUser', 'dbuser', user ?? '*')] : []),
    ...groups.map((group) => permission('JoinGroup', 'dbgroup', group)),
    ...described,
  ]
}

function serverless(login: RedshiftLogin, place: PolicyPlace, workgroupId: string | null): readonly NeededPermission[] {
  const resource = regionalArn(place, 'redshift-serverless', `workgroup/${workgroupId ?? '*'}`)
  return [
    { action: 'redshift-serverless:GetCredentials', resource },
    ...describing(login, 'redshift-serverless:GetWorkgroup', resource),
  ]
}

function describing({ endpoint }: RedshiftLogin, action: string, resource: string): readonly NeededPermission[] {
  return endpoint === null ? [{ action, resource }] : []
}
