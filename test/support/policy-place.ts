import { parseAccountId } from '../../src/iam/account-id.ts'
import { isPartition } from '../../src/iam/partition.ts'
import type { PolicyPlace } from '../../src/iam/policies/policy-place.ts'

/** A place for resources, in the account that all examples have. */
export function policyPlace(partition: string, region: string): PolicyPlace {
  if (!isPartition(partition)) throw new Error(`no partition: ${partition}`)
  return { partition, accountId: parseAccountId('123456789012'), region }
}
