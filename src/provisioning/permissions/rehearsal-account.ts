import type { AwsAccount } from '../aws-port.ts'
import type { CallerIdentity } from '../plan.ts'
import type { Spec } from '../spec/spec.ts'
import { rehearsedDatabases } from './rehearsed-databases.ts'
import { rehearsedIam } from './rehearsed-iam.ts'
import { rehearsedInstances } from './rehearsed-instances.ts'

/**
 * What an imagined account holds: nothing of the spec; all that it names, made by somebody else and nothing as it should
 * be; or all that it names, ours.
 */
export type Situation = 'blank' | 'contrary' | 'ours'

export interface Rehearsal {
  readonly spec: Spec
  readonly identity: CallerIdentity
  readonly region: string
  readonly situation: Situation
  /** What the spec had once and has no more. */
  readonly obsolete: ObsoleteRole | null
  /** Told of each request that such a read makes, as IAM policies name it, and of what it is about (an ARN, or `*`). */
  readonly onRead: (action: string, resource: string) => void
}

export interface ObsoleteRole {
  readonly kind: 'web-identity-role' | 'ec2-role'
  readonly path: string
}

/** The name of whatever the spec does not know: in an ARN, all of a path. */
export const UNKNOWN = '*'

/**
 * An account that exists nowhere, to plan against: what such plans read and would call is what an operator must be
 * allowed to. Databases are always there, for a spec that names others cannot be carried out.
 */
export function rehearsalAccount(rehearsal: Rehearsal): AwsAccount {
  const { identity, region } = rehearsal
  const account: AwsAccount = {
    identity,
    region,
    isRegionConfigured: true,
    anew: () => account,
    ...rehearsedIam(rehearsal),
    ...rehearsedDatabases(rehearsal),
    ...rehearsedInstances(rehearsal),
    send: async () => {
      throw new Error('a rehearsal sends nothing')
    },
  }
  return account
}

export function iamArn({ identity }: Rehearsal, type: string, pathAndName: string): string {
  return `arn:${identity.partition}:iam::${identity.accountId}:${type}${pathAndName}`
}
