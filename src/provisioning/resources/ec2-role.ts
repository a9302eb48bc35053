import { ec2TrustPolicy } from '../../iam/trust-policy.ts'
import type { Resource } from '../resource.ts'
import { planRole, type RoleRequest } from './role.ts'

export interface Ec2RoleRequest extends Omit<RoleRequest, 'kind' | 'trustPolicy'> {
  readonly dependsOn: readonly Resource[]
}

/** A role for the processes of EC2 instances; they get it through an instance profile. */
export function ec2Role(request: Ec2RoleRequest): Resource {
  return {
    kind: 'ec2-role',
    name: request.name,
    dependsOn: request.dependsOn,
    plan: (account) => planRole(account, { ...request, kind: 'ec2-role', trustPolicy: ec2TrustPolicy() }),
  }
}
