import * as Flags from '@oclif/core/flags'
import { eventActions } from '../../src/audit/event.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { eventColumns } from '../../src/cli/describe-event.ts'
import { parseEventQuery } from '../../src/cli/event-query.ts'
import { formatFlag, listingOf, pagerFlag, repeated } from '../../src/cli/formats.ts'
import { writeRows } from '../../src/cli/write-rows.ts'

const TIME = '8h or 30d (so long ago), 2027-03-01 or 2027-03-01T17:00:00Z; a date is its first second in UTC'

export default class AuditLog extends BaseCommand {
  static override summary = 'List what happened, newest first.'
  static override description =
    `Values of one filter are alternatives, different filters must all hold. USER, ROLE and ACTOR are globs (*, ?).`
  static override examples = [
    '<%= config.bin %> audit log --limit 20',
    '<%= config.bin %> audit log --user alice --since 30d --format csv',
    '<%= config.bin %> audit log --role "*:role/admin*" --action set --action sso-login --json',
  ]
  static override flags = {
    user: Flags.string({
      ...repeated,
      description: 'whose assignment it was about',
      helpValue: 'GLOB',
    }),
    role: Flags.string({
      ...repeated,
      description: 'a role ARN held before or after',
      helpValue: 'GLOB',
    }),
    actor: Flags.string({ ...repeated, description: 'who did it', helpValue: 'GLOB' }),
    action: Flags.string({
      ...repeated,
      options: [...eventActions],
      description: `what was done: ${eventActions.join(', ')}`,
      helpValue: 'ACTION',
    }),
    since: Flags.string({ description: `from this moment on: ${TIME}`, helpValue: 'TIME' }),
    until: Flags.string({ description: `up to this moment: ${TIME}`, helpValue: 'TIME' }),
    limit: Flags.integer({ min: 1, max: Number.MAX_SAFE_INTEGER, description: 'at most so many', helpValue: 'N' }),
    format: formatFlag,
    'no-pager': pagerFlag,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditLog)
    const filter = parseEventQuery(flags, this.clock())
    const listing = listingOf(flags)
    await this.withStore(flags, 'read', (store) =>
      writeRows(store.events(filter), {
        ...listing,
        columns: eventColumns(listing.format),
        nothing: 'no events match',
      }),
    )
  }
}
