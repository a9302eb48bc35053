import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { unsetRoleArns } from '../src/assignments/unset.ts'
import { parseUsername } from '../src/assignments/username.ts'
import { BaseCommand } from '../src/cli/base-command.ts'
import { describeUnset } from '../src/cli/describe-assignment.ts'
import { parseReason } from '../src/cli/flags.ts'

export default class UnsetAwsRoleArns extends BaseCommand {
  static override summary = 'Take all AWS roles from a person.'
  static override description =
    `Removes the assignment, whether it was set here or came from single sign-on. Doing it twice is fine.
What single sign-on asserts comes back at the person's next login.`
  static override examples = [
    '<%= config.bin %> unset-aws-role-arns alice',
    '<%= config.bin %> unset-aws-role-arns alice --reason "left the company" --json',
  ]
  static override args = {
    username: Args.string({ required: true, ignoreStdin: true, description: 'the person' }),
  }
  static override flags = {
    reason: Flags.string({ description: 'why; kept in the audit log', helpValue: 'TEXT' }),
    'dry-run': Flags.boolean({ description: 'say what would change, change nothing' }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UnsetAwsRoleArns)
    const username = parseUsername(args.username)
    const reason = parseReason(flags.reason)
    const isDryRun = flags['dry-run']
    const isReading = isDryRun || !(await this.hasStore(flags))
    const result = await this.withStore(flags, isReading ? 'read' : 'write', (store) =>
      unsetRoleArns(store, { username, isDryRun: isReading, reason, clock: this.clock, actor: this.actor }),
    )
    if (isDryRun) this.note('dry run: nothing was changed')
    this.show(result, flags, (shown) => describeUnset(shown, isDryRun))
  }
}
