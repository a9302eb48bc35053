import { RdsCommand } from '../../src/cli/rds-command.ts'
import { parseRdsFlags, rdsFlags } from '../../src/cli/rds-flags.ts'
import { refuseRedirection } from '../../src/databases/client-words.ts'

export default class RdsConnect extends RdsCommand {
  static override summary = 'Open psql, mysql or mariadb on RDS or Aurora, with a token as the password.'
  static override description =
    `The client must be installed. It gets the token in its environment alone, never in its command line or a file, and
connects only over TLS to a server that proves by its certificate that it is the endpoint. Words behind -- go to the client:
statements, scripts and how to print, not where to connect to. Of psql and mysql only options that are known to be harmless
are taken, by their whole names or letters; a refusal lists them. There is no --json: what is printed is the client's.

Its exit code is that of the client, or 128 and the number of the signal that ended it; those of psql are 1 for an error of
its own, 2 where the connection failed, 3 for an error in a script. Before the client starts, the codes are ours.`
  static override examples = [
    '<%= config.bin %> rds connect --hostname demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com --username analyst --dbname demo_db',
    "<%= config.bin %> rds connect --hostname demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com --username analyst --dbname demo_db -- --command 'select current_user'",
    '<%= config.bin %> rds connect --hostname orders.abcdefghijkl.eu-west-1.rds.amazonaws.com --username analyst --engine mysql --ca-bundle ~/global-bundle.pem',
    '<%= config.bin %> rds connect --hostname localhost --port 15432 --sign-host demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com:5432 --username analyst',
  ]
  static override flags = rdsFlags
  /** What stands behind `--` is for the client. */
  static override strict = false

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(RdsConnect)
    const request = parseRdsFlags(flags, null)
    const words = argv.map(String)
    refuseRedirection(words, request.engine)
    process.exitCode = await this.connect(request, words, flags)
  }
}
