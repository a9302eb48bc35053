import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { parseUsername } from '../../src/assignments/username.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeLogin } from '../../src/cli/describe-login.ts'
import { keyLoader } from '../../src/cli/load-sso.ts'
import { readInput } from '../../src/cli/read-input.ts'
import { refuseTokens } from '../../src/cli/token-arguments.ts'
import { applyClaims } from '../../src/sso/apply-claims.ts'
import { LONGEST_TOKEN } from '../../src/sso/check-token-shape.ts'
import { requireSso } from '../../src/sso/sso-settings.ts'

export default class SsoApplyClaims extends BaseCommand {
  static override summary = 'Verify the ID token of a login and let its claims decide the AWS roles.'
  static override description = `The roles of the token replace those that were set by hand, always.
A token without the claim takes away only what single sign-on brought before.
A token that fails verification, or is older than the last one, is refused with exit 9 and an event of the audit log.

The token is read from a file or from stdin, never from an argument, and is neither stored nor logged.`
  static override examples = [
    '<%= config.bin %> sso apply-claims --id-token-file /run/login/alice.jwt',
    '<%= config.bin %> sso apply-claims alice --id-token-file - --json < /run/login/alice.jwt',
    '<%= config.bin %> sso apply-claims alice --id-token-file /run/login/alice.jwt --dry-run',
  ]
  static override args = {
    username: Args.string({ ignoreStdin: true, description: 'the person; the token must be theirs' }),
  }
  static override flags = {
    'id-token-file': Flags.string({
      required: true,
      description: 'where the ID token is; - is stdin',
      helpValue: 'FILE|-',
    }),
    'dry-run': Flags.boolean({ description: 'verify and say what would change, change nothing' }),
  }
  static override changesThings = true

  protected override async init(): Promise<void> {
    await super.init()
    refuseTokens({ id: this.ctor.id, argv: this.argv, takesFile: true })
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SsoApplyClaims)
    const username = args.username === undefined ? null : parseUsername(args.username)
    const isDryRun = flags['dry-run']
    const { config, source } = await this.loadConfig(flags)
    const settings = requireSso(config, source)
    const token = (await readInput(flags['id-token-file'], LONGEST_TOKEN)).trim()
    const context = { clock: this.clock, actor: this.actor, reason: null }
    const loadKeys = keyLoader(settings, this.clock)
    const { result, warnings } = await this.withStore(flags, isDryRun ? 'read' : 'write', (store) =>
      applyClaims(store, { ...context, token, username, settings, loadKeys, isDryRun }),
    )
    for (const warning of warnings) this.warnUser(warning)
    this.show(result, flags, (shown) => describeLogin(shown, isDryRun))
  }
}
