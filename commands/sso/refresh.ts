import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { parseExpiry } from '../../src/assignments/expiry.ts'
import { parseUsername } from '../../src/assignments/username.ts'
import { BaseCommand, type GlobalFlags } from '../../src/cli/base-command.ts'
import { describeRefresh, describeRefreshAll } from '../../src/cli/describe-refresh.ts'
import { hostSessions } from '../../src/cli/host-sessions.ts'
import { withInterrupt } from '../../src/cli/interrupt.ts'
import { loginContext } from '../../src/cli/load-login.ts'
import { AdminError } from '../../src/errors.ts'
import type { LoginContext } from '../../src/sso/login-context.ts'
import { refreshLogin } from '../../src/sso/refresh.ts'
import { refreshAll } from '../../src/sso/refresh-all.ts'
import { requireSso } from '../../src/sso/sso-settings.ts'

export default class SsoRefresh extends BaseCommand {
  static override summary = 'Renew the ID token of a login, or of all that end soon, and apply it anew.'
  static override description =
    `Takes the refresh token that sso login has kept. What comes of it is verified and applied like any login, and
reaches the live sessions of the person.

--all is for a timer. It leaves alone who has no roles, no refresh token, or an ID token that lasts longer than --due.
Exit 8 where it failed for some, with each of them in the result.`
  static override examples = [
    '<%= config.bin %> sso refresh alice',
    '<%= config.bin %> sso refresh --all --due 10m --json',
  ]
  static override usage = ['<%= command.id %> USERNAME', '<%= command.id %> --all [--due TIME]']
  static override args = {
    username: Args.string({ ignoreStdin: true, description: 'the person' }),
  }
  static override flags = {
    all: Flags.boolean({ description: 'everybody who has logged in' }),
    due: Flags.string({
      dependsOn: ['all'],
      description: 'only those whose ID token ends by then: 10m, 1h',
      helpValue: 'TIME',
    }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SsoRefresh)
    const username = requireOne(args.username, flags.all)
    const dueUntil = flags.due === undefined ? null : parseExpiry(flags.due, this.clock())
    const { config, source } = await this.loadConfig(flags)
    const step = { clock: this.clock, actor: this.actor, reason: null }
    const context = loginContext(requireSso(config, source), step, null)
    if (username === null) await this.refreshAll(context, dueUntil, flags)
    else await this.refreshOne(context, username, flags)
  }

  private async refreshOne(
    context: LoginContext,
    username: ReturnType<typeof parseUsername>,
    flags: GlobalFlags,
  ): Promise<void> {
    const { result, warnings } = await this.finishing(() =>
      this.withStore(flags, 'write', (store) =>
        refreshLogin(store, username, { ...context, sessions: hostSessions(store, this.clock, this.onStale) }),
      ),
    )
    for (const warning of warnings) this.warnUser(warning)
    this.show(result, flags, describeRefresh)
  }

  private async refreshAll(
    context: LoginContext,
    dueUntil: ReturnType<typeof parseExpiry> | null,
    flags: GlobalFlags,
  ): Promise<void> {
    const { result, warnings } = await this.finishing((isInterrupted) =>
      this.withStore(flags, 'write', async (store) => {
        try {
          const sessions = hostSessions(store, this.clock, this.onStale)
          return await refreshAll(store, { ...context, sessions, dueUntil, isInterrupted })
        } finally {
          // What ran out, or was taken away by another host, ends here by the timer, whatever the provider says.
          await this.endLostSessions(store, null)
        }
      }),
    )
    for (const warning of new Set(warnings)) this.warnUser(warning)
    this.show(result, flags, describeRefreshAll)
    if (result.failed > 0 || result.skipped.interrupted > 0) this.endWith('PARTIAL')
  }

  /** The login stands where a session cannot have its token: that is a warning, and the answer no clean one. */
  private readonly onStale = () => this.endWith('PARTIAL')

  /** A refresh token that was spent and whose successor was not kept would cost the person their login. */
  private finishing<T>(work: (isInterrupted: () => boolean) => Promise<T>): Promise<T> {
    return withInterrupt(
      () => this.note('interrupted; what was begun is finished first'),
      ({ isInterrupted }) => work(isInterrupted),
    )
  }
}

function requireOne(username: string | undefined, isAll: boolean) {
  if (username !== undefined && !isAll) return parseUsername(username)
  if (username === undefined && isAll) return null
  throw new AdminError('USAGE_ARGUMENT', 'name one person, or everybody with --all', {
    suggestions: ['admin sso refresh --all --due 10m'],
  })
}
