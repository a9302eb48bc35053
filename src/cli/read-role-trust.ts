import type { Actor } from '../assignments/actor.ts'
import { AdminError } from '../errors.ts'
import { type RoleArn, roleArnParts } from '../iam/role-arn.ts'
import type { AwsAccount } from '../provisioning/aws-port.ts'
import type { ReadRoleTrust } from '../sessions/web-identity.ts'
import { ambient, openAccounts } from './open-accounts.ts'
import { writeNote } from './output.ts'
import { teller } from './teller.ts'

/** Set for what we start: credentials that come from this very command would ask for themselves. */
const ASKING = 'ADMIN_ASKING_FOR_TRUST'

/** What AWS holds of a role and its provider, with the credentials of whoever runs us. */
export function roleTrustReader(actor: Actor): ReadRoleTrust {
  return async (roleArn, providerArn) => {
    refuseCircle()
    const request = { access: ambient(actor.name), expected: undefined, isBulk: false }
    const { accounts, close } = await openAccounts([request], teller(writeNote))
    try {
      const [account] = accounts
      if (account === undefined) throw new AdminError('DENIED_AWS_CREDENTIALS', 'there is no account to look into')
      return await read(account, roleArn, providerArn)
    } finally {
      close()
    }
  }
}

function refuseCircle(): void {
  if (process.env[ASKING] !== undefined)
    throw new AdminError('DENIED_AWS_CREDENTIALS', 'the AWS credentials of this machine come from this very command')
  process.env[ASKING] = '1'
}

async function read(account: AwsAccount, roleArn: RoleArn, providerArn: string) {
  const { accountId, name, path } = roleArnParts(roleArn)
  const { identity } = account
  if (identity.accountId !== accountId) {
    const message = `your own credentials are of account ${identity.accountId}, the role is in ${accountId}`
    throw new AdminError('REFUSED_WRONG_ACCOUNT', message)
  }
  const role = await account.getRole(name)
  const providerArns = await account.listOidcProviders()
  const provider = providerArns.includes(providerArn) ? await account.getOidcProvider(providerArn) : null
  // IAM finds a role by its name alone, STS only by its whole ARN.
  const isThere = role !== null && role.path === path && role.name === name
  return { trustPolicy: isThere ? role.trustPolicy : null, clientIds: provider?.clientIds ?? null, providerArns }
}
