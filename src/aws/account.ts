import type { AwsAccount } from '../provisioning/aws-port.ts'
import type { CallerIdentity } from '../provisioning/plan.ts'
import { askAs } from './ask.ts'
import type { Clients } from './clients.ts'
import { databaseReads } from './database-reads.ts'
import { iamReads } from './iam-reads.ts'
import { instanceReads } from './instance-reads.ts'
import { send } from './writes.ts'

/** One account behind the port of provisioning. Each read asks AWS anew. */
export function sdkAccount(clients: Clients, identity: CallerIdentity): AwsAccount {
  const ask = askAs(identity.callerArn)
  return {
    identity,
    region: clients.region,
    ...iamReads(clients.iam, ask),
    ...databaseReads(clients, ask),
    ...instanceReads(clients, ask),
    send: (call) => send(clients, ask, call),
  }
}
