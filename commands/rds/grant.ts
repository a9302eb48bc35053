import * as Flags from '@oclif/core/flags'
import { BaseCommand, type GlobalFlags } from '../../src/cli/base-command.ts'
import { describeGrant, grantNotes, grantWarnings } from '../../src/cli/describe-grant.ts'
import { type Connecting, grantIamLogin } from '../../src/cli/grant-iam-login.ts'
import { askPassword, canPrompt } from '../../src/cli/prompts.ts'
import { engines } from '../../src/databases/engine.ts'

export default class RdsGrant extends BaseCommand {
  static override summary = 'Make a database user that logs in by IAM, or print the SQL for it.'
  static override description =
    `Prints the SQL. With --execute it is run over a connection of its own, once it is seen that nobody loses password login: the user itself, the master user, who is connected, who inherits from the user, who replicates. Run again, it changes nothing. The name counts in exactly this letter case.

--connection is postgres://user@host/database, mysql://user@host or mariadb://user@host, with sslmode, sslrootcert, sslcert, sslkey and connect_timeout as parameters, and iam=1 to log in with a token. The password comes from PGPASSWORD, ~/.pgpass or MYSQL_PWD, or is asked for.`
  /** Made of the flags it would put --execute into the brackets of what only goes with it. */
  static override usage =
    'rds grant --engine postgres|mysql|mariadb --db-user NAME [--execute --connection URL [--i-understand-that-passwords-stop-working]] [--json] [--database URL] [--config FILE]'
  static override examples = [
    '<%= config.bin %> rds grant --engine postgres --db-user jane',
    '<%= config.bin %> rds grant --engine mysql --db-user jane --json',
    "<%= config.bin %> rds grant --engine postgres --db-user jane --execute --connection 'postgres://postgres@demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com/postgres?sslmode=verify-full&sslrootcert=global-bundle.pem'",
  ]
  static override changesThings = true
  static override flags = {
    engine: Flags.option({ options: engines })({
      required: true,
      description: 'what the server is, on RDS or Aurora',
    }),
    'db-user': Flags.string({ required: true, description: 'the user, as the policy names it', helpValue: 'NAME' }),
    execute: Flags.boolean({ description: 'run it', dependsOn: ['connection'] }),
    connection: Flags.string({ description: 'the server, for --execute', helpValue: 'URL', dependsOn: ['execute'] }),
    'i-understand-that-passwords-stop-working': Flags.boolean({
      description: 'also where somebody loses password login',
      dependsOn: ['execute'],
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(RdsGrant)
    const options = {
      engine: flags.engine,
      dbUser: flags['db-user'],
      connection: flags.connection ?? null,
      mayTakePasswordLogin: flags['i-understand-that-passwords-stop-working'],
    }
    const result = await grantIamLogin(options, this.connecting(flags))
    this.show(result, flags, describeGrant)
    for (const warning of grantWarnings(result)) this.warnUser(warning)
    for (const note of grantNotes(result)) this.note(note)
  }

  private connecting(flags: GlobalFlags): Connecting {
    const ask = (server: string) => askPassword(`Password for ${server}`)
    return { warn: (text) => this.warnUser(text), askPassword: canPrompt(flags) ? ask : null }
  }
}
