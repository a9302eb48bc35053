import type { Instant } from '../../clock.ts'
import type { AccountId } from '../../iam/account-id.ts'
import type { Partition } from '../../iam/partition.ts'
import type { RedshiftEndpoint, RedshiftLogin, RedshiftTarget } from './redshift-login.ts'

/** A password as AWS gave it, and for whom: the user's name is not that which was asked for. */
export interface RedshiftPassword {
  readonly dbUser: string
  readonly dbPassword: string
  readonly expiration: Instant
}

export interface FoundEndpoint extends RedshiftEndpoint {
  /** Of a workgroup: what policies name it by. */
  readonly workgroupId: string | null
}

export interface RedshiftCaller {
  readonly partition: Partition
  readonly accountId: AccountId
  readonly callerArn: string
}

/** Redshift of one account and region, as somebody. Whatever AWS refuses is thrown as an AdminError in our words. */
export interface RedshiftAccess {
  readonly region: string
  /**
   * @returns `null` where there is no such cluster or workgroup
   * @throws AdminError UNAVAILABLE_CLUSTER where it has no endpoint, as one that is paused for long or being made
   */
  readonly findEndpoint: (target: RedshiftTarget) => Promise<FoundEndpoint | null>
  /** @throws AdminError NOT_FOUND_AWS, DENIED_AWS, UNAVAILABLE_AWS after bounded retries */
  readonly askPassword: (login: RedshiftLogin) => Promise<RedshiftPassword>
  /** The clusters or workgroups that there are. */
  readonly namesOf: (kind: RedshiftTarget['kind']) => Promise<readonly string[]>
  /** Costs a call, so it is for what went wrong. */
  readonly whoActs: () => Promise<RedshiftCaller>
}
