import * as Args from '@oclif/core/args'
import { parseUsername } from '../../src/assignments/username.ts'
import type { GlobalFlags } from '../../src/cli/base-command.ts'
import { describeEnd, toEndResult } from '../../src/cli/describe-session.ts'
import { openSessionPlaces } from '../../src/cli/open-session-places.ts'
import { tellFailures } from '../../src/cli/review-sessions.ts'
import { parseRole, roleFlag, SessionCommand } from '../../src/cli/session-command.ts'
import { endSessions } from '../../src/sessions/end-sessions.ts'

export default class SessionEnd extends SessionCommand {
  static override summary = "End a person's sessions on this host."
  static override description =
    `Removes their token files, or that of one role, and forgets the credentials that are kept for them. Where there is none,
nothing is changed, exit 0. Without root it is your own sessions that are looked at.
Credentials of AWS that were given out before stay good until they end, an hour at most where nothing else was asked for.`
  static override examples = [
    '<%= config.bin %> session end alice',
    '<%= config.bin %> session end alice --role arn:aws:iam::123456789012:role/data-scientist --json',
  ]
  static override args = {
    username: Args.string({ required: true, ignoreStdin: true, description: 'the person' }),
  }
  static override flags = { role: { ...roleFlag, description: 'only the session with this role' } }
  static override changesThings = true

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionEnd)
    const username = parseUsername(args.username)
    const places = openSessionPlaces(this.paths, this.clock)
    this.tellWhose()
    const { ended, failed } = await endSessions(places, username, parseRole(flags.role))
    const isPartial = !tellFailures(failed)
    if (isPartial) this.endWith('PARTIAL')
    else if (ended.length === 0) await this.warnOfUnknown(username, places, flags)
    const request = { directory: this.paths.tokens, roleArn: flags.role, isPartial }
    this.show(toEndResult(username, ended), flags, (result) => describeEnd(result, request))
  }

  private async warnOfUnknown(
    username: ReturnType<typeof parseUsername>,
    { files }: ReturnType<typeof openSessionPlaces>,
    flags: GlobalFlags,
  ): Promise<void> {
    const { warnOfUnknown } = await import('../../src/cli/warn-of-unknown.ts')
    await warnOfUnknown(username, files, async () => {
      const isThere = await this.hasStore(flags)
      return isThere && this.withStore(flags, 'read', async (store) => (await store.findUser(username)) !== null)
    })
  }
}
