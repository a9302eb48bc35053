import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { parseRedshiftLogin, redshiftFlags } from '../../src/cli/redshift-flags.ts'
import { redshiftSources } from '../../src/cli/redshift-sources.ts'
import { rootCertificates } from '../../src/cli/system-certificates.ts'
import { findUrlPlace, redshiftUrl, urlFormats, urlProblem } from '../../src/databases/redshift/redshift-url.ts'

export default class RedshiftUrlCommand extends BaseCommand {
  static override summary = 'Print a URL of Redshift without a password.'
  static override description =
    `jdbc-iam and odbc-iam: the driver fetches user and password by itself, with the same permissions as
"admin redshift credentials" and as often as it connects. jdbc and uri: host, port and database, for a user and a password
that come from elsewhere. The server must show a certificate for its name. With --host AWS is not asked, and no credentials
are needed.`
  static override examples = [
    '<%= config.bin %> redshift url --cluster demo-cluster --db-name dev --db-user analyst',
    '<%= config.bin %> redshift url --workgroup demo-workgroup --db-name dev --format uri',
  ]
  static override flags = {
    ...redshiftFlags,
    format: Flags.string({
      options: [...urlFormats],
      default: 'jdbc-iam',
      description: 'for which driver, and whether it fetches its password',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(RedshiftUrlCommand)
    const { login, profile } = parseRedshiftLogin(flags)
    const sources = redshiftSources(
      { login, profile },
      { isCached: false, clock: this.clock, note: (text) => this.note(text) },
    )
    const format = urlFormats.find((name) => name === flags.format) ?? 'jdbc-iam'
    const place = await findUrlPlace(login, format, sources).finally(sources.close)
    const parts = {
      login,
      ...place,
      profile,
      odbcDriver: flags['odbc-driver'],
      rootCertificates: rootCertificates(process.env),
    }
    const problem = urlProblem(parts, format)
    if (problem !== null) this.warnUser(problem)
    this.show(redshiftUrl(parts, format), flags, ({ url }) => url)
  }
}
