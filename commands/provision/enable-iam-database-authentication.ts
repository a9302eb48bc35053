import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { parseReason } from '../../src/cli/flags.ts'
import type { Accounts } from '../../src/cli/open-accounts.ts'
import { optionally, parseAll } from '../../src/cli/parse-all.ts'
import { ProvisionCommand, provisionFlags } from '../../src/cli/provision-command.ts'
import { parseAccountId } from '../../src/iam/account-id.ts'
import { parseDatabaseReference } from '../../src/iam/database-reference.ts'
import type { AwsAccount } from '../../src/provisioning/aws-port.ts'
import { databaseToModify } from '../../src/provisioning/grants.ts'
import { COMMAND_LINE_SPEC } from '../../src/provisioning/ownership.ts'
import { planResources } from '../../src/provisioning/provision.ts'
import {
  type DatabaseAuthenticationRequest,
  iamDatabaseAuthentication,
} from '../../src/provisioning/resources/iam-database-authentication.ts'
import { refuseDistantWait, waitUntilActive } from '../../src/provisioning/wait-until-active.ts'

export default class ProvisionEnableIamDatabaseAuthentication extends ProvisionCommand {
  static override summary = 'Let a database take IAM tokens in place of passwords.'
  static override description =
    `Switches IAM database authentication on, or off with --disable, on a cluster or an instance, by its identifier, its endpoint or its ARN. Run again, it changes nothing. Engines without IAM authentication are refused.

Without --apply-immediately it happens in the next maintenance window. With it, whatever else is pending is applied too, which the plan says.`
  static override examples = [
    '<%= config.bin %> provision enable-iam-database-authentication demo-cluster --dry-run',
    '<%= config.bin %> provision enable-iam-database-authentication demo-cluster --apply-immediately --wait',
    '<%= config.bin %> provision enable-iam-database-authentication demo-cluster --disable --apply-immediately --json',
  ]
  static override args = {
    database: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'the cluster or instance: identifier, endpoint or ARN',
    }),
  }
  static override flags = {
    disable: Flags.boolean({ description: 'switch it off' }),
    'apply-immediately': Flags.boolean({ description: 'now, not in the next maintenance window' }),
    wait: Flags.boolean({ description: 'wait until the database has it, at most half an hour' }),
    ...provisionFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProvisionEnableIamDatabaseAuthentication)
    const { account: expected, database: reference } = parseAll({
      database: () => parseDatabaseReference(args.database),
      account: () => optionally(flags.account, parseAccountId),
      reason: () => parseReason(flags.reason),
    })
    const region = reference.by === 'identifier' ? null : reference.region
    const work = async (account: AwsAccount, accounts: Accounts) => {
      const database = await databaseToModify(account, args.database)
      const { kind, identifier } = database
      const request = { kind, identifier, isEnabled: !flags.disable, applyImmediately: flags['apply-immediately'] }
      const plan = await planResources(COMMAND_LINE_SPEC, account, [iamDatabaseAuthentication(request)])
      if (flags.wait) refuseDistantWait(database, request)
      this.showPlan(plan, flags)
      if (flags['dry-run']) return this.showDryRun(plan, flags)
      const result = await this.apply(plan, accounts, flags)
      const isOver = !flags.wait || result.summary.failed > 0 || (await this.waitUntilActive(account, request))
      this.showOutcome(result, flags)
      if (!isOver) this.endWith('PARTIAL')
    }
    await this.withAccount(expected, work, region)
  }

  private async waitUntilActive(account: AwsAccount, request: DatabaseAuthenticationRequest): Promise<boolean> {
    const { withInterrupt } = await import('../../src/cli/interrupt.ts')
    const stopping = () => this.note('Stopping: AWS goes on with the change by itself')
    return withInterrupt(stopping, (interrupt) =>
      waitUntilActive(account, request, { ...interrupt, onWait: (words) => this.note(words) }),
    )
  }
}
