import type { PolicyDocument } from '../policy-document.ts'
import { identityPolicy } from './identity-policy.ts'
import { type PolicyPlace, regionalArn } from './policy-place.ts'

export interface RedshiftServerlessLogin {
  /** The UUID that AWS gave to the workgroup; its name is in no ARN. */
  readonly workgroupId: string
}

/**
 * Lets a role log in to a serverless workgroup; the database user follows from the role. GetWorkgroup reads the endpoint
 * of this one workgroup, which is what drivers that are given its name ask first (Service authorization reference, "Amazon
 * Redshift Serverless").
 */
export function redshiftServerlessPolicy(place: PolicyPlace, { workgroupId }: RedshiftServerlessLogin): PolicyDocument {
  if (!isUuid(workgroupId)) throw new Error(`not the id of a workgroup: ${workgroupId}`)
  const workgroup = regionalArn(place, 'redshift-serverless', `workgroup/${workgroupId}`)
  return identityPolicy([
    { sid: 'Credentials', actions: ['redshift-serverless:GetCredentials'], resources: [workgroup] },
    { sid: 'FindWorkgroup', actions: ['redshift-serverless:GetWorkgroup'], resources: [workgroup] },
  ])
}

function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
}
