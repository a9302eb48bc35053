import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { parseExpiry } from '../src/assignments/expiry.ts'
import { setRoleArns } from '../src/assignments/set.ts'
import { parseUsername, type Username } from '../src/assignments/username.ts'
import { BaseCommand, type GlobalFlags } from '../src/cli/base-command.ts'
import { chooseRoleArns, refuseWithoutTerminal } from '../src/cli/choose-role-arns.ts'
import { describeSet } from '../src/cli/describe-assignment.ts'
import { parseReason } from '../src/cli/flags.ts'
import type { RoleArn } from '../src/iam/role-arn.ts'
import { parseRoleArnList } from '../src/iam/role-arn-list.ts'

export default class SetAwsRoleArns extends BaseCommand {
  static override summary = 'Say which AWS roles a person may use.'
  static override description = `Replaces the person's list. The first role is the one that a session offers first.

Without role ARNs, on a terminal, offers the roles that are already known as a list to tick.
A person whose roles come from single sign-on is refused, unless --force: then the roles hold until the next login.`
  static override examples = [
    '<%= config.bin %> set-aws-role-arns alice arn:aws:iam::123456789012:role/data-scientist',
    '<%= config.bin %> set-aws-role-arns alice arn:aws:iam::123456789012:role/analyst,arn:aws:iam::123456789012:role/on-call --expires 8h --reason "incident 4711"',
    '<%= config.bin %> set-aws-role-arns alice arn:aws:iam::123456789012:role/analyst --dry-run --json',
  ]
  static override args = {
    username: Args.string({ required: true, ignoreStdin: true, description: 'the person' }),
    roleArns: Args.string({ ignoreStdin: true, description: 'role ARNs, separated by commas' }),
  }
  static override flags = {
    reason: Flags.string({ description: 'why; kept in the audit log', helpValue: 'TEXT' }),
    expires: Flags.string({ description: 'when it ends: 8h, 30d, 2027-03-01T17:00:00Z', helpValue: 'WHEN' }),
    force: Flags.boolean({ description: 'overrule single sign-on until the next login' }),
    'dry-run': Flags.boolean({ description: 'say what would change, change nothing' }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SetAwsRoleArns)
    const username = parseUsername(args.username)
    const readExpiry = () => (flags.expires === undefined ? null : parseExpiry(flags.expires, this.clock()))
    readExpiry()
    const reason = parseReason(flags.reason)
    const isDryRun = flags['dry-run']
    const roleArns = args.roleArns === undefined ? await this.choose(username, flags) : this.read(args.roleArns)
    const result = await this.withStore(flags, isDryRun ? 'read' : 'write', (store) =>
      setRoleArns(store, {
        username,
        roleArns,
        expiresAt: readExpiry(),
        force: flags.force,
        isDryRun,
        reason,
        clock: this.clock,
        actor: this.actor,
      }),
    )
    if (isDryRun) this.note('dry run: nothing was changed')
    this.show(result, flags, (shown) => describeSet(shown, isDryRun))
  }

  private read(list: string): readonly RoleArn[] {
    const { roleArns, duplicates } = parseRoleArnList(list)
    for (const arn of duplicates) this.warnUser(`${arn} was given more than once; it counts once`)
    return roleArns
  }

  private async choose(username: Username, flags: GlobalFlags): Promise<readonly RoleArn[]> {
    refuseWithoutTerminal(username, flags)
    return this.withStore(flags, 'read', (store) => chooseRoleArns(store, username))
  }
}
