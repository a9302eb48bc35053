import type { AwsAccount } from '../provisioning/aws-port.ts'
import type { CallerIdentity } from '../provisioning/plan.ts'
import { askAs } from './ask.ts'
import type { Clients } from './clients.ts'
import { databaseReads } from './database-reads.ts'
import { toTags } from './iam-answers.ts'
import { iamReads, listPolicyTags } from './iam-reads.ts'
import { type IamSnapshot, readIamSnapshot } from './iam-snapshot.ts'
import { instanceReads } from './instance-reads.ts'
import { send } from './writes.ts'

/** The account, and what only reads in bulk are made of. */
export interface SdkAccount extends AwsAccount {
  readIamSnapshot(): Promise<IamSnapshot>
  listPolicyTags(arn: string): Promise<Readonly<Record<string, string>>>
}

/** One account behind the port of provisioning. Each read asks AWS anew. */
export function sdkAccount(clients: Clients, identity: CallerIdentity): SdkAccount {
  const ask = askAs(identity.callerArn)
  const account: SdkAccount = {
    identity,
    region: clients.region,
    isRegionConfigured: clients.isRegionConfigured,
    anew: () => account,
    ...iamReads(clients.iam, ask),
    readIamSnapshot: () => readIamSnapshot(clients.iam, ask),
    listPolicyTags: async (arn) => toTags(await listPolicyTags(clients.iam, ask, arn)),
    ...databaseReads(clients, ask),
    ...instanceReads(clients, ask),
    send: (call) => send(clients, ask, call),
  }
  return account
}
