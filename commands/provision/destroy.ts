import { applyFlags, SpecCommand, specArgs } from '../../src/cli/spec-command.ts'
import { planDestroy } from '../../src/provisioning/plan-spec.ts'

export default class ProvisionDestroy extends SpecCommand {
  static override summary = 'Remove from AWS what the spec made.'
  static override description =
    `Removes only what carries the tag of the spec, in the order that AWS asks for, after showing it and asking. The OIDC provider stays while other roles trust it; databases keep their IAM authentication.

Refuses while people are assigned to one of the roles, unless --force.`
  static override examples = [
    '<%= config.bin %> provision destroy provision.yaml',
    '<%= config.bin %> provision destroy provision.yaml --yes --reason "moved to another region"',
  ]
  static override args = specArgs
  static override flags = applyFlags

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProvisionDestroy)
    const spec = await this.readSpec(args.file, flags)
    await this.withAccounts(spec, flags, (accounts) =>
      this.assignedUsers(flags, (assignedUsers) =>
        this.carryOutWithConsent((of) => planDestroy({ spec, accounts: of, assignedUsers }), accounts, flags),
      ),
    )
  }
}
