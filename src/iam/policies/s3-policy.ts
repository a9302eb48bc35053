import type { PolicyDocument } from '../policy-document.ts'
import type { S3Location } from '../s3-location.ts'
import { identityPolicy } from './identity-policy.ts'
import type { PolicyPlace } from './policy-place.ts'
import { bucketArn, listing, objectsArn } from './s3-location.ts'

export type S3Access = 'read' | 'read-write'

export interface S3Permission extends S3Location {
  readonly access: S3Access
}

/**
 * Who may write may also abort: SDKs upload large objects in parts and take the parts back when that fails, or they stay
 * and are paid for; it gives no power over objects beyond that of deleting them (Amazon S3 user guide, "Multipart upload
 * API and permissions"). Versions, tags and access lists stay out of reach.
 */
const OBJECT_ACTIONS: Readonly<Record<S3Access, readonly string[]>> = {
  read: ['s3:GetObject'],
  'read-write': ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
}

/**
 * Lets a role use the objects of a bucket or of a folder, never the bucket itself (IAM user guide, "Amazon S3: Allows read
 * and write access to objects in an S3 Bucket").
 */
export function s3Policy(place: Pick<PolicyPlace, 'partition'>, permission: S3Permission): PolicyDocument {
  return identityPolicy([
    { sid: 'Locate', actions: ['s3:GetBucketLocation'], resources: [bucketArn(place, permission)] },
    listing('List', place, permission),
    { sid: 'Objects', actions: OBJECT_ACTIONS[permission.access], resources: [objectsArn(place, permission)] },
  ])
}
