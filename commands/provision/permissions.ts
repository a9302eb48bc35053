import * as Flags from '@oclif/core/flags'
import { optionally } from '../../src/cli/parse-all.ts'
import { SpecCommand, specArgs, specFlags } from '../../src/cli/spec-command.ts'
import { parseAccountId } from '../../src/iam/account-id.ts'
import { policySize } from '../../src/iam/policy-packing.ts'
import { neededPermissions } from '../../src/provisioning/permissions/needed-permissions.ts'
import { operatorPolicy } from '../../src/provisioning/permissions/operator-policy.ts'

/** What a managed policy may have (IAM user guide, "IAM and AWS STS quotas"). */
const MANAGED_POLICY_SIZE = 6144

export default class ProvisionPermissions extends SpecCommand {
  static override changesThings = false
  static override summary = 'Print the least IAM policy that whoever runs apply needs.'
  static override description =
    `Asks nobody, AWS neither: the policy comes from the calls that plans of this spec would make, against an account that has nothing of it and against one that has everything wrong.

With several accounts it is one policy for all; --account makes one for each.

Roles that are no longer in the spec can be removed with it where all roles have a path of their own, as /workbench/.`
  static override examples = [
    '<%= config.bin %> provision permissions provision.yaml',
    '<%= config.bin %> provision permissions provision.yaml --account 123456789012 --destroy',
  ]
  static override args = specArgs
  static override flags = {
    ...specFlags,
    destroy: Flags.boolean({ description: 'with what destroy needs, too' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProvisionPermissions)
    const spec = await this.readSpec(args.file, flags)
    const only = optionally(flags.account, parseAccountId)
    const policy = operatorPolicy(await neededPermissions({ spec, only, isDestroyed: flags.destroy }))
    const size = policySize(policy)
    if (size > MANAGED_POLICY_SIZE)
      this.warnUser(
        `the policy has ${size} characters, a managed policy may have ${MANAGED_POLICY_SIZE}; --account makes one for each account`,
      )
    this.show(policy, flags, (document) => JSON.stringify(document, null, 2))
  }
}
