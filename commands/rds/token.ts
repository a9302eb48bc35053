import * as Flags from '@oclif/core/flags'
import {
  engineOfFormat,
  loginText,
  missingOptions,
  type TokenFormat,
  tokenFormatOf,
  tokenFormats,
  tokenResult,
} from '../../src/cli/describe-rds-token.ts'
import { writeJson, writeText } from '../../src/cli/output.ts'
import { RdsCommand } from '../../src/cli/rds-command.ts'
import { parseRdsFlags, rdsFlags } from '../../src/cli/rds-flags.ts'
import type { ClientLogin } from '../../src/databases/token-formats.ts'

export default class RdsTokenCommand extends RdsCommand {
  static override summary = 'Sign a token that is the password of a user of RDS or Aurora for a short time.'
  static override description =
    `The token is signed here with the AWS credentials at hand; whether they may connect, the database alone decides.
It is good for 15 minutes to begin a connection with, or until the credentials end that signed it, if that is sooner:
--json says when, and by what. With less than two minutes left none is signed, and the exit code is 6.

Host, port and region are part of the signature. The region is that of the endpoint. A host that is no endpoint of RDS is
refused: say --resolve-cname for an alias, --sign-host for a tunnel.`
  static override examples = [
    '<%= config.bin %> rds token --hostname demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com --username analyst',
    '<%= config.bin %> rds token --hostname demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com --username analyst --dbname demo_db --format uri',
    'settings=$(<%= config.bin %> rds token --hostname demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com --username analyst --format env) && eval "$settings"',
    '<%= config.bin %> rds token --hostname localhost --port 15432 --sign-host demo.cluster-abcdefghijkl.us-east-2.rds.amazonaws.com:5432 --username analyst --json',
  ]
  static override flags = {
    ...rdsFlags,
    format: Flags.string({
      options: [...tokenFormats],
      default: 'token',
      description: `how to print it: ${tokenFormats.join(', ')}`,
      helpValue: 'FORMAT',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(RdsTokenCommand)
    const format = tokenFormatOf(flags)
    const request = parseRdsFlags(flags, engineOfFormat(format, flags.engine))
    const token = await this.sign(request)
    if (format === 'json') writeJson(tokenResult(token))
    else if (format === 'token') writeText(token.token)
    else if (format === 'pgpass') writeText(loginText(await this.loginOf(token, request), format))
    else this.showLogin(await this.trustedLoginOf(token, request, flags), format)
  }

  private showLogin(login: ClientLogin, format: TokenFormat): void {
    const missing = missingOptions(login, format)
    if (missing !== null) this.warnUser(missing)
    writeText(loginText(login, format))
  }
}
