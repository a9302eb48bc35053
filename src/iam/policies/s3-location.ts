import type { S3Location } from '../s3-location.ts'
import type { Permission } from './identity-policy.ts'
import { literal } from './literal.ts'
import type { PolicyPlace } from './policy-place.ts'

/** Neither an account nor a region is in it (Service authorization reference, "Amazon S3"). */
export function bucketArn({ partition }: Pick<PolicyPlace, 'partition'>, { bucket }: S3Location): string {
  return `arn:${partition}:s3:::${literal(bucket)}`
}

/** Every object of the location. */
export function objectsArn(place: Pick<PolicyPlace, 'partition'>, location: S3Location): string {
  return `${bucketArn(place, location)}/${location.prefix === null ? '' : `${folderOf(location.prefix)}/`}*`
}

/**
 * Lets a role list the location. Many clients ask for a folder without the slash at its end, which shows them the names of
 * its neighbours that begin alike, never their contents. `s3:prefix` is in no request but ListBucket, so no other action
 * may share the statement (IAM user guide, "Amazon S3: Allows IAM users access to their S3 home directory").
 */
export function listing(sid: string, place: Pick<PolicyPlace, 'partition'>, location: S3Location): Permission {
  const permission = { sid, actions: ['s3:ListBucket'], resources: [bucketArn(place, location)] }
  if (location.prefix === null) return permission
  const folder = folderOf(location.prefix)
  return { ...permission, condition: { StringLike: { 's3:prefix': [folder, `${folder}/*`] } } }
}

/** A slash too many would make a policy that IAM takes and that matches no object. */
function folderOf(prefix: string): string {
  if (!/^[^/](.*[^/])?$/s.test(prefix)) throw new Error(`not a folder of a bucket: "${prefix}"`)
  return literal(prefix)
}
