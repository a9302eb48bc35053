import { sessionColumns, sessionRows } from '../../src/cli/describe-session.ts'
import { formatFlag, listingOf, pagerFlag } from '../../src/cli/formats.ts'
import { openSessionFiles } from '../../src/cli/open-session-places.ts'
import { SessionCommand } from '../../src/cli/session-command.ts'
import { writeRows } from '../../src/cli/write-rows.ts'
import { listSessions } from '../../src/sessions/list-sessions.ts'

export default class SessionList extends SessionCommand {
  static override summary = 'List the sessions that have a token file on this host.'
  static override description = `live: the role is assigned and the token is good. token-expired: nobody renewed it.
not-assigned: the person may not use the role any more; end it. other-store: another store assigned it.`
  static override examples = [
    '<%= config.bin %> session list',
    '<%= config.bin %> session list --format csv',
    '<%= config.bin %> session list --json',
  ]
  static override flags = { format: formatFlag, 'no-pager': pagerFlag }

  async run(): Promise<void> {
    const { flags } = await this.parse(SessionList)
    this.tellWhose()
    const files = openSessionFiles(this.paths)
    const { sessions, unreadable } = await this.withStore(flags, 'read', (store) =>
      listSessions(store, files, this.clock),
    )
    for (const { message } of unreadable) this.warnUser(message)
    const columns = { columns: sessionColumns, nothing: `there is no session in ${files.path}` }
    await writeRows(sessionRows(sessions), { ...listingOf(flags), ...columns })
    if (unreadable.length > 0) this.endWith('PARTIAL')
  }
}
