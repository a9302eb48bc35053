import { dirname, resolve } from 'node:path'
import type { Interfaces } from '@oclif/core'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AdminError } from '../errors.ts'
import { parseAccountId } from '../iam/account-id.ts'
import type { AwsAccount } from '../provisioning/aws-port.ts'
import { countChanges } from '../provisioning/plan.ts'
import { type Plan, refuseChanged, refuseInUse, refuseObstacles } from '../provisioning/provision.ts'
import type { Spec } from '../provisioning/spec/spec.ts'
import type { GlobalFlags } from './base-command.ts'
import { describePlan, describeSummary } from './describe-plan.ts'
import { parseReason, refuseEmpty } from './flags.ts'
import { keepNurserySmall } from './keep-nursery-small.ts'
import type { Accounts } from './open-accounts.ts'
import { writeText } from './output.ts'
import { optionally, parseAll } from './parse-all.ts'
import { canPrompt } from './prompts.ts'
import { ProvisionCommand, reasonFlag } from './provision-command.ts'

export const specArgs = {
  file: Args.string({
    ignoreStdin: true,
    description: 'the spec (default: `spec:` of the configuration file)',
  }),
}

export const specFlags = {
  account: Flags.string({ description: 'only this account of the spec', helpValue: 'ID' }),
}

export const applyFlags = {
  ...specFlags,
  yes: Flags.boolean({ description: 'do not ask' }),
  force: Flags.boolean({ description: 'remove roles even while people are assigned to them' }),
  reason: reasonFlag,
}

export type ApplyFlags = Interfaces.InferredFlags<typeof applyFlags> & GlobalFlags

export type SpecFlags = GlobalFlags & Partial<Pick<ApplyFlags, 'account' | 'reason'>>

/** What the commands share that work on a whole spec. */
export abstract class SpecCommand extends ProvisionCommand {
  /** The file that was named, else that of the configuration. */
  protected async readSpec(file: string | undefined, flags: GlobalFlags): Promise<Spec> {
    const [{ readSpec }, { loadYaml }] = await Promise.all([
      import('../provisioning/spec/read-spec.ts'),
      import('../config/yaml-document.ts'),
    ])
    if (file !== undefined) refuseEmpty('FILE', file)
    await loadYaml()
    await keepNurserySmall()
    return readSpec(file ?? (await this.configuredSpec(flags)))
  }

  /** Relative to the configuration that names it, wherever one stands. */
  private async configuredSpec(flags: GlobalFlags): Promise<string> {
    const { config, source } = await this.loadConfig(flags)
    if (config.spec !== undefined) return resolve(dirname(source), config.spec)
    throw new AdminError('USAGE_ARGUMENT', `no spec: name a FILE, or say "spec: FILE" in ${source}`, {
      suggestions: ['admin provision init', 'admin provision plan provision.yaml'],
    })
  }

  /** Opens the accounts of the spec, or the one of `--account`; everybody is checked before anything is read. */
  protected async withAccounts<T>(spec: Spec, flags: SpecFlags, work: (accounts: Accounts) => Promise<T>): Promise<T> {
    const { only } = parseAll({
      only: () => optionally(flags.account, parseAccountId),
      reason: () => parseReason(flags.reason),
    })
    const { accountsOf, openAccounts } = await import('./open-accounts.ts')
    const accounts = await openAccounts(accountsOf(spec, only, this.actor.name), this.teller)
    try {
      return await work(accounts)
    } finally {
      accounts.close()
    }
  }

  /**
   * Shows the plan, asks, and carries it out; where there is nothing to do it does not ask. While somebody thinks, others
   * may act: what was consented to is looked at again.
   */
  protected async carryOutWithConsent(
    makePlan: (accounts: readonly AwsAccount[]) => Promise<Plan>,
    accounts: Accounts,
    flags: ApplyFlags,
  ): Promise<void> {
    const plan = await makePlan(accounts.accounts)
    this.showPlan(plan, flags)
    const canAsk = canPrompt(flags)
    // Who is asked must see what, also where the answer goes into a file.
    if (canAsk && !process.stdout.isTTY) this.note(describePlan(plan))
    refuseObstacles(plan)
    if (!flags.force) refuseInUse(plan, await this.hasStore(flags))
    const { summary } = plan.result
    if (countChanges(summary) > 0) {
      const { askConsent } = await import('./carry-out.ts')
      if (!flags.json) writeText(describeSummary(summary, true))
      await askConsent({ question: 'Carry this out?', canAsk, isGiven: flags.yes })
      if (!flags.yes) {
        const again = await makePlan(accounts.accounts.map((account) => account.anew()))
        refuseChanged(plan, again)
        if (!flags.force) refuseInUse(again, await this.hasStore(flags))
      }
    }
    this.showOutcome(await this.apply(plan, accounts, flags), flags)
  }
}
