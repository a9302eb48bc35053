import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { getRoleArns } from '../src/assignments/get.ts'
import { parseUsername } from '../src/assignments/username.ts'
import { BaseCommand } from '../src/cli/base-command.ts'
import { describeNothing, describeRoleArns } from '../src/cli/describe-roles.ts'

export default class GetAwsRoleArns extends BaseCommand {
  static override summary = 'Print the AWS roles that a person may use.'
  static override description =
    `One line, separated by commas, just as set-aws-role-arns takes it. Prints nothing where there is no role.`
  static override examples = [
    '<%= config.bin %> get-aws-role-arns alice',
    '<%= config.bin %> get-aws-role-arns alice --long',
    '<%= config.bin %> get-aws-role-arns alice --json',
  ]
  static override args = {
    username: Args.string({ required: true, ignoreStdin: true, description: 'the person' }),
  }
  static override flags = {
    long: Flags.boolean({ description: 'also who says so, since when, until when' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(GetAwsRoleArns)
    const username = parseUsername(args.username)
    const answer = await this.withStore(flags, 'read', (store) => getRoleArns(store, username, this.clock()))
    if (answer.result.roleArns.length === 0) this.note(describeNothing(answer))
    this.show(answer.result, flags, (result) => describeRoleArns(result, flags.long))
  }
}
