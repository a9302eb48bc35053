import * as Flags from '@oclif/core/flags'
import type { AccountId } from '../iam/account-id.ts'
import type { AssignedUsers } from '../provisioning/assigned-users.ts'
import type { AwsAccount } from '../provisioning/aws-port.ts'
import { countChanges, type ProvisionResult } from '../provisioning/plan.ts'
import { obstaclesOf, type Plan } from '../provisioning/provision.ts'
import { BaseCommand, type GlobalFlags } from './base-command.ts'
import { describeOutcome, describePlan } from './describe-plan.ts'
import type { Accounts } from './open-accounts.ts'
import { textWritten, writeJson, writeText } from './output.ts'
import { teller } from './teller.ts'

export const accountFlag = Flags.string({
  description: 'the account that the credentials must be of',
  helpValue: 'ID',
})

export const reasonFlag = Flags.string({
  description: 'why, for the audit log',
  helpValue: 'TEXT',
})

export const provisionFlags = {
  'dry-run': Flags.boolean({ description: 'show the plan, change nothing' }),
  'detailed-exit-code': Flags.boolean({
    dependsOn: ['dry-run'],
    description: 'with --dry-run: exit 5 if anything would change',
  }),
  yes: Flags.boolean({ description: 'do not ask; this command never does, scripts may say it anyway' }),
  account: accountFlag,
  reason: reasonFlag,
}

export interface DryRunFlags extends GlobalFlags {
  readonly 'dry-run': boolean
  readonly 'detailed-exit-code': boolean
}

/** What the commands share that make AWS agree: who acts is said first, the plan is shown, then carried out. */
export abstract class ProvisionCommand extends BaseCommand {
  static override changesThings = true

  protected readonly teller = teller((text) => this.note(text))

  /**
   * Opens the account of the ambient credentials and refuses any other than the one that was named.
   *
   * @param region another than theirs
   */
  protected async withAccount<T>(
    expected: AccountId | undefined,
    work: (account: AwsAccount, accounts: Accounts) => Promise<T>,
    region: string | null = null,
  ): Promise<T> {
    const { ambient, openAccounts } = await import('./open-accounts.ts')
    const access = ambient(this.actor.name, region)
    const accounts = await openAccounts([{ access, expected, isBulk: false }], this.teller)
    try {
      const [account] = accounts.accounts
      if (account === undefined) throw new Error('an account was opened and is not there')
      return await work(account, accounts)
    } finally {
      accounts.close()
    }
  }

  /** Who may use a role, by the store as it is now. What asks for it must end before the work does: plans ask again. */
  protected async assignedUsers<T>(flags: GlobalFlags, work: (users: AssignedUsers) => Promise<T>): Promise<T> {
    const { assignedUsers } = await import('../provisioning/assigned-users.ts')
    return this.withStore(flags, 'read', (store) => {
      const users = assignedUsers(store, this.clock)
      return work(store.exists ? users : this.toldOnce(users, store.location))
    })
  }

  /** Where there is no store, nobody counts as assigned: right at first, and wrong where the store is another's. */
  private toldOnce(users: AssignedUsers, location: string): AssignedUsers {
    let isTold = false
    return (roleArn) => {
      if (!isTold)
        this.warnUser(
          `there is no store at ${location}, so nobody counts as assigned to any role\nwhere assignments are kept elsewhere, as by root, name that store with --database, or use sudo`,
        )
      isTold = true
      return users(roleArn)
    }
  }

  /** Shows the plan and, unless only that was asked, carries it out. Answers `null` after a dry run. */
  protected async carryOut(plan: Plan, accounts: Accounts, flags: DryRunFlags): Promise<ProvisionResult | null> {
    this.showPlan(plan, flags)
    if (flags['dry-run']) {
      this.showDryRun(plan, flags)
      return null
    }
    const result = await this.apply(plan, accounts, flags)
    this.showOutcome(result, flags)
    return result
  }

  protected showPlan(plan: Plan, flags: GlobalFlags): void {
    for (const warning of plan.warnings) this.warnUser(warning)
    if (!flags.json) writeText(describePlan(plan))
  }

  /** The answer of a run that changes nothing. */
  protected showDryRun(plan: Plan, flags: GlobalFlags & { readonly 'detailed-exit-code': boolean }): void {
    const { result } = plan
    for (const { message } of obstaclesOf(plan)) this.warnUser(`${message}\nso this cannot be carried out`)
    if (flags.json) writeJson(result)
    else writeText(describeOutcome(result, true))
    if (flags['detailed-exit-code'] && countChanges(result.summary) > 0) this.endWith('DIFFERENCES')
  }

  /**
   * The store is opened only where something is to be done, for the events of the calls. A plan that could not be shown
   * is not carried out, for the failure would end the program between two calls.
   */
  protected async apply(
    plan: Plan,
    { limitOf }: Accounts,
    flags: GlobalFlags & { readonly reason?: string | undefined },
  ): Promise<ProvisionResult> {
    if (countChanges(plan.result.summary) === 0) return plan.result
    await textWritten()
    const [{ auditJournal }, { carryOutPlan }, { parseReason }] = await Promise.all([
      import('../provisioning/call-journal.ts'),
      import('./carry-out.ts'),
      import('./flags.ts'),
    ])
    const context = {
      spec: plan.result.spec,
      actor: this.actor,
      reason: parseReason(flags.reason),
      clock: this.clock,
    }
    return this.withStore(flags, 'write', (store) =>
      carryOutPlan(plan, auditJournal(store, context), limitOf, this.teller),
    )
  }

  protected showOutcome(result: ProvisionResult, flags: GlobalFlags): void {
    if (flags.json) writeJson(result)
    else writeText(describeOutcome(result, false))
    if (result.summary.failed === 0) return
    this.note('some of it is done; run the command again to carry on')
    this.endWith('PARTIAL')
  }
}
