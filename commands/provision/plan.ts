import * as Flags from '@oclif/core/flags'
import { SpecCommand, specArgs, specFlags } from '../../src/cli/spec-command.ts'
import { planSpec } from '../../src/provisioning/plan-spec.ts'

export default class ProvisionPlan extends SpecCommand {
  static override changesThings = false
  static override summary = 'Show what would make AWS hold what the spec says.'
  static override description =
    `Reads AWS and compares: + create, ~ update, - delete, = unchanged, field by field, policies statement by statement, sizes beside the quotas of the account. Writes nothing.

What carries the tag of the spec and is no longer in it is shown as - delete.`
  static override examples = [
    '<%= config.bin %> provision plan provision.yaml',
    '<%= config.bin %> provision plan provision.yaml --detailed-exit-code --account 123456789012',
    '<%= config.bin %> provision plan provision.yaml --json',
  ]
  static override args = specArgs
  static override flags = {
    ...specFlags,
    adopt: Flags.boolean({ description: 'plan to take over what something else made' }),
    'detailed-exit-code': Flags.boolean({ description: 'exit 5 if anything would change' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProvisionPlan)
    const spec = await this.readSpec(args.file, flags)
    await this.withAccounts(spec, flags, async ({ accounts }) => {
      const plan = await this.assignedUsers(flags, (assignedUsers) =>
        planSpec({ spec, accounts, adopt: flags.adopt, assignedUsers }),
      )
      this.showPlan(plan, flags)
      this.showDryRun(plan, flags)
    })
  }
}
