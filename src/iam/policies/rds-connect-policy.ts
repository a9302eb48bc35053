import type { PolicyDocument } from '../policy-document.ts'
import { identityPolicy } from './identity-policy.ts'
import { literal } from './literal.ts'
import { type PolicyPlace, regionalArn } from './policy-place.ts'

export interface RdsConnection {
  /** What AWS calls the database: `cluster-…` of Aurora, `db-…` of an instance, `prx-…` of a proxy. */
  readonly resourceId: string
  readonly users: readonly string[]
}

/**
 * Lets a role log in to one database as these users, with a token in place of the password. The resource is of the
 * service `rds-db` and never holds the database's identifier (Amazon Aurora user guide, "Creating and using an IAM policy
 * for IAM database access").
 */
export function rdsConnectPolicy(place: PolicyPlace, { resourceId, users }: RdsConnection): PolicyDocument {
  if (!isDatabaseResourceId(resourceId)) throw new Error(`not the resource id of a database: ${resourceId}`)
  const resources = users.map((user) => regionalArn(place, 'rds-db', `dbuser:${resourceId}/${literal(user)}`))
  return identityPolicy([{ sid: 'Connect', actions: ['rds-db:connect'], resources }])
}

export function isDatabaseResourceId(text: string): boolean {
  return /^(cluster|db|prx)-[A-Za-z0-9]+$/.test(text)
}
