import * as Flags from '@oclif/core/flags'
import { parseReason } from '../../src/cli/flags.ts'
import { optionally, parseAll } from '../../src/cli/parse-all.ts'
import { ProvisionCommand, provisionFlags } from '../../src/cli/provision-command.ts'
import { parseAccountId } from '../../src/iam/account-id.ts'
import { parseDatabaseReference } from '../../src/iam/database-reference.ts'
import { parseDatabaseUser } from '../../src/iam/database-user.ts'
import { parseRoleName } from '../../src/iam/role-name.ts'
import { rdsConnectGrant } from '../../src/provisioning/grants.ts'
import { COMMAND_LINE_SPEC } from '../../src/provisioning/ownership.ts'
import { planResources } from '../../src/provisioning/provision.ts'
import { rolePolicy } from '../../src/provisioning/resources/role-policy.ts'

export default class ProvisionRdsConnectPolicy extends ProvisionCommand {
  static override summary = 'Let a role log in to a database with IAM tokens.'
  static override description =
    `Puts an inline policy on the role that allows rds-db:connect as the database users that are named, and as nobody else. The database is a cluster, an instance or a proxy, by its identifier, its endpoint or its ARN; its resource id, which the policy needs, is asked of AWS.

The policy is named after the database: run again with other users, it is made exactly so. The store of the audit log is that of ADMIN_DATABASE or the configuration file: --database is the database of the policy here.`
  static override examples = [
    '<%= config.bin %> provision rds-connect-policy --role analyst --database demo-cluster --db-user analyst --dry-run',
    '<%= config.bin %> provision rds-connect-policy --role analyst --database demo-cluster.cluster-abcdefghijkl.us-east-1.rds.amazonaws.com --db-user analyst --db-user reporting',
  ]
  static override flags = {
    role: Flags.string({ required: true, description: 'the name of the role', helpValue: 'NAME' }),
    database: Flags.string({
      required: true,
      description: 'the database: identifier, endpoint or ARN',
      helpValue: 'ID|ENDPOINT|ARN',
    }),
    'db-user': Flags.string({
      required: true,
      multiple: true,
      description: 'a user of the database; may be repeated',
      helpValue: 'U',
    }),
    adopt: Flags.boolean({ description: 'take over a role that something else made' }),
    ...provisionFlags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(ProvisionRdsConnectPolicy)
    const {
      account: expected,
      roleName,
      ...grant
    } = parseAll({
      roleName: () => parseRoleName(flags.role),
      database: () => parseDatabaseReference(flags.database),
      users: () => [...new Set(flags['db-user'].map(parseDatabaseUser))],
      account: () => optionally(flags.account, parseAccountId),
      reason: () => parseReason(flags.reason),
    })
    await this.withAccount(expected, async (account, accounts) => {
      const policy = await rdsConnectGrant(account, flags.database, grant.users)
      const resource = rolePolicy({ spec: COMMAND_LINE_SPEC, adopt: flags.adopt, roleName, policy })
      const plan = await planResources(COMMAND_LINE_SPEC, account, [resource])
      await this.carryOut(plan, accounts, { ...flags, database: process.env.ADMIN_DATABASE })
    })
  }
}
