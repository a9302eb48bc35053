import type { AwsAccount, ObservedDatabase } from '../../src/provisioning/aws-port.ts'
import { fakeAccount } from './fake-account.ts'

/** An instance of PostgreSQL without IAM authentication, but for what is said. */
export function observedDatabase(over: Partial<ObservedDatabase> = {}): ObservedDatabase {
  const { kind = 'instance', identifier = 'sales' } = over
  return {
    kind,
    identifier,
    arn: `arn:aws:rds:us-east-1:123456789012:${kind === 'instance' ? 'db' : kind}:${identifier}`,
    resourceId: 'db-ABCDEFGHIJKLMNOP',
    endpoints: [`${identifier}.abcdefghijkl.us-east-1.rds.amazonaws.com`],
    status: 'available',
    engine: 'postgres',
    engineVersion: '17.2',
    engineMode: null,
    instanceClass: 'db.t3.micro',
    cluster: null,
    iamAuthentication: false,
    pending: {},
    ...over,
  }
}

/** An account in which every description answers with the next of these, and with the last for ever. */
export function accountWith(first: ObservedDatabase | null, ...later: readonly (ObservedDatabase | null)[]) {
  const answers = [first, ...later]
  const account: AwsAccount = {
    ...fakeAccount().account,
    anew: () => account,
    describeDatabase: async () => (answers.length > 1 ? answers.shift() : answers[0]) ?? null,
    supportsIamAuthentication: async () => true,
  }
  return account
}
