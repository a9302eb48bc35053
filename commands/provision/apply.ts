import * as Flags from '@oclif/core/flags'
import { applyFlags, SpecCommand, specArgs } from '../../src/cli/spec-command.ts'
import { planSpec } from '../../src/provisioning/plan-spec.ts'

export default class ProvisionApply extends SpecCommand {
  static override summary = 'Make AWS hold what the spec says.'
  static override description =
    `Shows the plan, asks, and carries it out, all accounts at the same time. Run again, it changes nothing. What fails stops what depends on it and nothing else; run again, it carries on. Ctrl-C finishes what is under way.

Roles and policies without the tag of the spec are refused, unless --adopt. What carries the tag and is no longer in the spec is removed. Each call that changes AWS leaves an event before it and one after it in the audit log.`
  static override examples = [
    '<%= config.bin %> provision apply provision.yaml',
    '<%= config.bin %> provision apply provision.yaml --yes --reason "quarterly review"',
    '<%= config.bin %> provision apply provision.yaml --yes --account 123456789012 --json',
  ]
  static override args = specArgs
  static override flags = {
    ...applyFlags,
    adopt: Flags.boolean({ description: 'take over roles and policies that something else made' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProvisionApply)
    const spec = await this.readSpec(args.file, flags)
    await this.withAccounts(spec, flags, (accounts) =>
      this.assignedUsers(flags, (assignedUsers) => {
        const options = { spec, adopt: flags.adopt, assignedUsers }
        return this.carryOutWithConsent((of) => planSpec({ ...options, accounts: of }), accounts, flags)
      }),
    )
  }
}
