import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import {
  credentialFormatOf,
  credentialFormats,
  credentialNotes,
  describeCredentials,
  formatProblems,
  isForLibpq,
} from '../../src/cli/describe-redshift.ts'
import { parseRedshiftLogin, redshiftFlags } from '../../src/cli/redshift-flags.ts'
import { redshiftSources } from '../../src/cli/redshift-sources.ts'
import { redshiftCredentials } from '../../src/databases/redshift/redshift-credentials.ts'

export default class RedshiftCredentialsCommand extends BaseCommand {
  static override summary = 'Print a user and a password for Redshift that last 15 to 60 minutes.'
  static override description =
    `With --cluster and --db-user: GetClusterCredentials. With --cluster alone: GetClusterCredentialsWithIAM.
With --workgroup: GetCredentials of Redshift Serverless. Log in with the user that is printed: it is not the one that was
asked for. What AWS answered is kept until two minutes before its end, for you alone.`
  static override examples = [
    'settings=$(<%= config.bin %> redshift credentials --cluster demo-cluster --db-name dev --db-user analyst) && eval "$settings"',
    '<%= config.bin %> redshift credentials --cluster demo-cluster --db-name dev --db-user analyst --auto-create --group readers --duration 1h --json',
    '<%= config.bin %> redshift credentials --workgroup demo-workgroup --db-name dev --format odbc',
  ]
  static override flags = {
    ...redshiftFlags,
    'no-cache': Flags.boolean({ description: 'ask AWS, and keep nothing of its answer' }),
    format: Flags.string({
      options: [...credentialFormats],
      default: 'env',
      description:
        'lines for eval, JSON (--json: of failures, too), a URL for JDBC, a string for ODBC, or a line that runs psql',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(RedshiftCredentialsCommand)
    const parsed = parseRedshiftLogin(flags)
    const format = credentialFormatOf(flags)
    const note = (text: string) => this.note(text)
    const sources = redshiftSources(parsed, { isCached: !flags['no-cache'], clock: this.clock, note })
    const answer = await redshiftCredentials(parsed.login, sources, isForLibpq(format)).finally(sources.close)
    for (const text of credentialNotes(parsed.login, answer.credentials)) note(text)
    const text = await describeCredentials(answer, format, flags['odbc-driver'], process.env)
    for (const problem of formatProblems(text, format, parsed.login, answer)) this.warnUser(problem)
    this.show(answer.credentials, flags, () => text)
  }
}
