import type { PolicyDocument } from '../policy-document.ts'
import { identityPolicy } from './identity-policy.ts'
import { literal } from './literal.ts'
import { type PolicyPlace, regionalArn } from './policy-place.ts'

export interface RedshiftLogin {
  readonly cluster: string
  readonly users: readonly string[]
  readonly databases: readonly string[]
  /** The database groups that a session may ask to join. */
  readonly groups: readonly string[]
  /** Whether a user that is not there may be made at login. */
  readonly autoCreate: boolean
}

/**
 * Lets a role log in to a provisioned cluster as these users (Amazon Redshift management guide, "Create an IAM role with
 * permissions to call GetClusterCredentials"). Drivers look up host and port, hence DescribeClusters.
 */
export function redshiftPolicy(place: PolicyPlace, login: RedshiftLogin): PolicyDocument {
  const { cluster, groups, autoCreate } = login
  const arns = (type: string, names: readonly string[]) =>
    names.map((name) => regionalArn(place, 'redshift', `${type}:${literal(cluster)}/${literal(name)}`))
  const users = arns('dbuser', login.users)
  const databases = arns('dbname', login.databases)
  return identityPolicy([
    { sid: 'Credentials', actions: ['redshift:GetClusterCredentials'], resources: [...users, ...databases] },
    ...(autoCreate ? [{ sid: 'CreateUsers', actions: ['redshift:CreateClusterUser'], resources: users }] : []),
    ...(groups.length > 0
      ? [{ sid: 'JoinGroups', actions: ['redshift:JoinGroup'], resources: arns('dbgroup', groups) }]
      : []),
    {
      sid: 'FindCluster',
      actions: ['redshift:DescribeClusters'],
      resources: [regionalArn(place, 'redshift', `cluster:${literal(cluster)}`)],
    },
  ])
}
