import { AdminError } from '../errors.ts'
import { parseAccountId } from '../iam/account-id.ts'
import { isPartition } from '../iam/partition.ts'
import { quote } from '../iam/quote.ts'
import type { CallerIdentity } from '../provisioning/plan.ts'
import type { Credentials, Opening } from './clients.ts'
import { stsClient } from './clients.ts'
import { translate } from './errors.ts'

/** @throws AdminError DENIED_AWS_CREDENTIALS, UNAVAILABLE_AWS */
export async function askWhoActs(opening: Opening, credentials: Credentials): Promise<CallerIdentity> {
  const { sdk, settings } = opening
  try {
    const answer = await stsClient(opening, credentials).send(new sdk.GetCallerIdentityCommand({}))
    const { Account: account = '', Arn: arn = '' } = answer
    const partition = arn.split(':')[1] ?? ''
    if (!isPartition(partition))
      throw new AdminError('UNAVAILABLE_AWS', `AWS said that you are ${quote(arn)}, expected an ARN`)
    return { accountId: parseAccountId(account), partition, callerArn: arn }
  } catch (error) {
    throw translate(error, {
      action: 'sts:GetCallerIdentity',
      resource: null,
      caller: null,
      region: settings.region,
    })
  }
}
