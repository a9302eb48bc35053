import type { AccountId } from '../account-id.ts'
import type { Partition } from '../partition.ts'

/** Where the resources are that a policy names. */
export interface PolicyPlace {
  readonly partition: Partition
  readonly accountId: AccountId
  readonly region: string
}

/** The ARN of a resource that lives in one account and one region. */
export function regionalArn({ partition, region, accountId }: PolicyPlace, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`
}
