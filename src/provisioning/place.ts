import { AdminError } from '../errors.ts'
import type { PolicyPlace } from '../iam/policies/policy-place.ts'
import type { AwsAccount } from './aws-port.ts'

/**
 * Where policies say that something is.
 *
 * @throws AdminError INVALID_REGION where nobody said which region
 */
export function placeOf({ identity, region, isRegionConfigured }: AwsAccount): PolicyPlace {
  if (!isRegionConfigured) throw noRegion()
  return { ...identity, region }
}

export function noRegion(): AdminError {
  const message = 'no AWS region is configured, and databases, instances and policies about them have one'
  return new AdminError(
    'INVALID_REGION',
    `${message}\nset AWS_REGION, or "region" of the account in the spec or of the profile`,
  )
}
