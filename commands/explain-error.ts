import * as Args from '@oclif/core/args'
import { BaseCommand } from '../src/cli/base-command.ts'
import { describeKnownErrors } from '../src/cli/describe-known-error.ts'
import { readMessage } from '../src/cli/read-message.ts'
import { explainError } from '../src/diagnosis/explain-error.ts'

export default class ExplainError extends BaseCommand {
  static override summary = 'Say what is behind an error message of AWS, RDS, Redshift or a database.'
  static override description =
    `Takes the message, or a whole log from stdin: each error that is known is explained once, most specific first, with its likely causes and the first commands to look with. Needs no network and no store, and repeats no token, key or password. Exit 4 where nothing in the text is known.`
  static override examples = [
    `<%= config.bin %> explain-error 'InvalidIdentityToken: Incorrect token audience'`,
    `printf '%s\\n' 'FATAL:  PAM authentication failed for user "jane"' | <%= config.bin %> explain-error - --json`,
  ]
  static override args = {
    text: Args.string({
      required: true,
      multiple: true,
      ignoreStdin: true,
      description: 'the message, as one word or several; - takes it, or a log, from stdin',
    }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ExplainError)
    const text = await readMessage(args.text.join(' '), (words) => this.warnUser(words))
    this.show(explainError(text), flags, describeKnownErrors)
  }
}
