import * as Flags from '@oclif/core/flags'
import { parseUsername } from '../../src/assignments/username.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describePrompt, describeTokens } from '../../src/cli/describe-refresh.ts'
import { hostSessions } from '../../src/cli/host-sessions.ts'
import { endedBySignal } from '../../src/cli/interrupt.ts'
import { loginContext } from '../../src/cli/load-login.ts'
import { logIn } from '../../src/sso/login.ts'
import { requireSso } from '../../src/sso/sso-settings.ts'

export default class SsoLogin extends BaseCommand {
  static override summary = 'Log a person in by a browser on any device; the ID token decides their roles.'
  static override description =
    `Shows an address and a code (device authorization grant, RFC 8628), also under --json, on stderr; waits until the
person has logged in there; then does what sso apply-claims does. Ctrl-C changes nothing.

The ID token and the refresh token are kept in the store, encrypted with a key outside of it: /etc/admin/vault.key for
root. With them sso refresh renews the login.`
  static override examples = ['<%= config.bin %> sso login --username alice', '<%= config.bin %> sso login --json']
  static override flags = {
    username: Flags.string({ description: 'who it must be; anybody else is refused', helpValue: 'USERNAME' }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { flags } = await this.parse(SsoLogin)
    const username = flags.username === undefined ? null : parseUsername(flags.username)
    const { config, source } = await this.loadConfig(flags)
    const context = loginContext(requireSso(config, source), this.step, null)
    const prompt = (shown: Parameters<typeof describePrompt>[0]) => this.note(describePrompt(shown))
    const { result, warnings } = await endedBySignal((signal) =>
      this.withStore(flags, 'write', (store) =>
        logIn(store, {
          ...context,
          sessions: hostSessions(store, this.clock, this.onStale),
          username,
          prompt,
          signal,
        }),
      ),
    )
    for (const warning of warnings) this.warnUser(warning)
    this.show(result, flags, describeTokens)
  }

  /** The login stands where a session cannot have its token: that is a warning, and the answer no clean one. */
  private readonly onStale = () => this.endWith('PARTIAL')

  private get step() {
    return { clock: this.clock, actor: this.actor, reason: null }
  }
}
