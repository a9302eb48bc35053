import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { parseUsername } from '../../src/assignments/username.ts'
import { describeSessionEnvironment, toEnvironmentResult } from '../../src/cli/describe-session.ts'
import { openSessionFiles } from '../../src/cli/open-session-places.ts'
import { idTokenFlag, parseRole, roleFlag, SessionCommand } from '../../src/cli/session-command.ts'
import { beginSession } from '../../src/sessions/begin-session.ts'
import { ownerOfSession } from '../../src/sessions/system-user.ts'

const LEAST_SECONDS = 600

export default class SessionEnv extends SessionCommand {
  static override summary = "Begin or renew a person's session and print the variables that it needs."
  static override description = `Writes an ID token of the person to a file that only their user of the system can read.
The SDKs of AWS find it by these variables and assume the role; a refresh replaces the token, an unset ends it.

The role must be assigned at this moment. The token is that of the person's login (admin sso login), or the one of
--id-token-file, which is verified but not applied: sso apply-claims does that.`
  static override examples = [
    '<%= config.bin %> session env alice',
    '<%= config.bin %> session env alice --role arn:aws:iam::123456789012:role/data-scientist --format env',
    '<%= config.bin %> session env alice --id-token-file /run/login/alice.jwt --json',
  ]
  static override args = {
    username: Args.string({ required: true, ignoreStdin: true, description: 'the person' }),
  }
  static override flags = {
    role: roleFlag,
    'id-token-file': idTokenFlag,
    format: Flags.string({
      options: ['export', 'env'],
      default: 'export',
      description: 'export: lines for a shell; env: NAME=VALUE, as env files have it',
      helpValue: 'FORMAT',
    }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionEnv)
    const username = parseUsername(args.username)
    const files = openSessionFiles(this.paths)
    const request = {
      username,
      roleArn: parseRole(flags.role),
      clock: this.clock,
      owner: await ownerOfSession(username),
    }
    const idToken = this.idToken.bind(this, flags)
    const begun = await this.withExistingStore(flags, (store) =>
      beginSession(store, files, { ...request, idToken: (chosen) => idToken(chosen, LEAST_SECONDS) }),
    )
    this.show(toEnvironmentResult(begun), flags, (result) => describeSessionEnvironment(result, flags.format))
  }
}
