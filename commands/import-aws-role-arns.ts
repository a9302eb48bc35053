import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { describeImport, describeLosers, importWarnings } from '../src/cli/describe-import.ts'
import { parseReason } from '../src/cli/flags.ts'
import { runImport } from '../src/cli/run-import.ts'

export default class ImportAwsRoleArns extends BaseCommand {
  static override summary = 'Set the AWS roles of many people from a file, all or nothing.'
  static override description =
    `FILE is CSV with lines username,role_arn, one for each role, or JSON Lines with {"username", "roleArns"} and perhaps
"expiresAt"; - is standard input. Each person's list is replaced. People whose roles come from single sign-on are
skipped. One invalid line refuses the file, unless --skip-invalid leaves out such lines.`
  static override examples = [
    'echo alice,arn:aws:iam::123456789012:role/data-scientist | <%= config.bin %> import-aws-role-arns -',
    `echo '{"username": "bob", "roleArns": ["arn:aws:iam::123456789012:role/analyst"]}' | <%= config.bin %> import-aws-role-arns - --dry-run --json`,
    '<%= config.bin %> export-aws-role-arns > people.csv && <%= config.bin %> import-aws-role-arns people.csv --prune --reason "quarterly review"',
  ]
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'the file, or - for standard input' }),
  }
  static override flags = {
    reason: Flags.string({ description: 'why; kept in the audit log', helpValue: 'TEXT' }),
    prune: Flags.boolean({ description: 'take the roles of those whose roles were set here and who are not in FILE' }),
    'skip-invalid': Flags.boolean({ description: 'leave out invalid lines, and list them' }),
    'dry-run': Flags.boolean({ description: 'say what would change, change nothing' }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ImportAwsRoleArns)
    const isDryRun = flags['dry-run']
    const answer = await runImport({
      file: args.file,
      isPruning: flags.prune,
      skipsInvalid: flags['skip-invalid'],
      isDryRun,
      isJson: flags.json,
      reason: parseReason(flags.reason),
      actor: this.actor,
      clock: this.clock,
      withStore: (work) => this.withStore(flags, isDryRun ? 'read' : 'write', work),
    })
    for (const warning of importWarnings(answer)) this.warnUser(warning)
    for (const note of describeLosers(answer, isDryRun)) this.note(note)
    if (isDryRun) this.note('dry run: nothing was changed')
    this.show(answer.result, flags, (shown) => describeImport(shown, isDryRun))
  }
}
