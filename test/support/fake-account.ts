import type { AdminError } from '../../src/errors.ts'
import type { AccountId } from '../../src/iam/account-id.ts'
import type { Partition } from '../../src/iam/partition.ts'
import { adaptiveLimit } from '../../src/provisioning/adaptive-limit.ts'
import type { ApplyContext, Progress } from '../../src/provisioning/apply.ts'
import type { AwsAccount } from '../../src/provisioning/aws-port.ts'
import type { Call } from '../../src/provisioning/plan.ts'

export const accountId = '123456789012' as AccountId

/**
 * An account for tests of the engine alone, in which nothing can be read: what each call answers is told. What AWS does
 * is the emulator's business.
 */
export function fakeAccount(answer: (call: Call) => AdminError | Error | undefined = () => undefined) {
  const sent: string[] = []
  const unused = async () => Promise.reject(new Error('not read here'))
  const account: AwsAccount = {
    identity: { accountId, partition: 'aws' as Partition, callerArn: 'arn:aws:iam::123456789012:user/test' },
    region: 'us-east-1',
    isRegionConfigured: true,
    anew: () => account,
    listOidcProviders: unused,
    getOidcProvider: unused,
    listRoles: unused,
    getRole: unused,
    listAttachedRolePolicies: unused,
    listRolePolicies: unused,
    listLocalPolicies: unused,
    hasPolicy: unused,
    getPolicy: unused,
    getInstanceProfile: unused,
    accountSummary: async () => ({}),
    describeDatabase: unused,
    supportsIamAuthentication: unused,
    getWorkgroupId: unused,
    describeInstanceProfiles: unused,
    listProfileAssociations: unused,
    async send(call) {
      sent.push(call.operation)
      const failure = answer(call)
      if (failure !== undefined) throw failure
    },
  }
  return { account, sent }
}

/** What applying is told, and what it tells, without a clock or a store. */
export function applyContext(over: Partial<ApplyContext> = {}) {
  const waits: number[] = []
  const told: Progress[] = []
  const limit = adaptiveLimit()
  const context: ApplyContext = {
    journal: { around: (_, work) => work() },
    limitOf: () => limit,
    onProgress: (progress) => void told.push(progress),
    sleep: async (milliseconds) => void waits.push(milliseconds),
    isInterrupted: () => false,
    ...over,
  }
  return { context, waits, told }
}
