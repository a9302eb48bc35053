import { homedir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import * as Flags from '@oclif/core/flags'
import type { AccountId } from '../iam/account-id.ts'
import type { AwsAccount } from '../provisioning/aws-port.ts'
import { refuseWrongAccount } from '../provisioning/caller.ts'
import type { Waiting } from '../provisioning/consistency.ts'
import type { ProvisionResult } from '../provisioning/plan.ts'
import { applyPlan, type Plan } from '../provisioning/provision.ts'
import { BaseCommand, type GlobalFlags } from './base-command.ts'
import { describeOutcome, describePlan } from './describe-plan.ts'
import { writeJson, writeText } from './output.ts'

export const provisionFlags = {
  'dry-run': Flags.boolean({ description: 'show the plan, change nothing' }),
  'detailed-exit-code': Flags.boolean({
    dependsOn: ['dry-run'],
    description: 'with --dry-run: exit 5 if anything would change',
  }),
  yes: Flags.boolean({ description: 'do not ask; this command never does, scripts may say it anyway' }),
  account: Flags.string({ description: 'the account that the credentials must be of', helpValue: 'ID' }),
}

/** What the commands share that make AWS agree: who acts is said first, the plan is shown, then carried out. */
export abstract class ProvisionCommand extends BaseCommand {
  static override changesThings = true

  /** Opens the account of the ambient credentials and refuses any other than the one that was named. */
  protected async withAccount<T>(
    expected: AccountId | undefined,
    work: (account: AwsAccount) => Promise<T>,
  ): Promise<T> {
    const { openAccount } = await import('../aws/open-account.ts')
    const { account, credentialSource, close } = await openAccount(
      { environment: process.env, home: homedir(), argv: process.argv.slice(2) },
      { profile: null, assumeRole: null, externalId: null, region: null, actor: this.actor.name },
    )
    try {
      const { callerArn, accountId } = account.identity
      const source = credentialSource === null ? '' : ` (credentials: ${credentialSource})`
      this.note(`Acting as ${callerArn} in account ${accountId}${source}`)
      if (expected !== undefined) refuseWrongAccount(account.identity, expected)
      return await work(account)
    } finally {
      close()
    }
  }

  /** Shows the plan and, unless only that was asked, carries it out. Answers `null` after a dry run. */
  protected async carryOut(
    plan: Plan,
    flags: GlobalFlags & { readonly 'dry-run': boolean; readonly 'detailed-exit-code': boolean },
  ): Promise<ProvisionResult | null> {
    for (const warning of plan.warnings) this.warnUser(warning)
    if (!flags.json) writeText(describePlan(plan))
    const isDryRun = flags['dry-run']
    const result = isDryRun ? plan.result : await applyPlan(plan, this.waiting())
    if (flags.json) writeJson(result)
    else writeText(describeOutcome(result, isDryRun))
    if (result.summary.failed > 0) {
      this.note('some of it is done; run the command again to carry on')
      this.endWith('PARTIAL')
    }
    const { create, update, delete: gone } = result.summary
    if (isDryRun && flags['detailed-exit-code'] && create + update + gone > 0) this.endWith('DIFFERENCES')
    return isDryRun ? null : result
  }

  private waiting(): Waiting {
    let isSaid = false
    return {
      sleep: (milliseconds) => sleep(milliseconds),
      onWait: ({ operation }, error) => {
        if (!isSaid) this.note(`Waiting for IAM to be ready for ${operation}: ${String(error.details.awsError)}`)
        isSaid = true
      },
    }
  }
}
