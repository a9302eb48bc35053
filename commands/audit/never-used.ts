import * as Flags from '@oclif/core/flags'
import { parseMoment } from '../../src/assignments/expiry.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { neverUsedColumns, neverUsedRows } from '../../src/cli/describe-people.ts'
import { formatFlag, listingOf, pagerFlag } from '../../src/cli/formats.ts'
import { optionally } from '../../src/cli/parse-all.ts'
import { writeBatches } from '../../src/cli/write-rows.ts'

export default class AuditNeverUsed extends BaseCommand {
  static override summary = 'List people who have roles and never logged in by single sign-on.'
  static override description =
    'With --since, also those whose last login was before that moment. When they were given their roles stands beside.'
  static override examples = [
    '<%= config.bin %> audit never-used',
    '<%= config.bin %> audit never-used --since 90d --format csv',
  ]
  static override flags = {
    since: Flags.string({ description: 'no login since: 90d (so long ago), 2027-03-01', helpValue: 'TIME' }),
    format: formatFlag,
    'no-pager': pagerFlag,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditNeverUsed)
    const now = this.clock()
    const since = optionally(flags.since, (text) => parseMoment(text, now)) ?? null
    const nothing = 'everybody who has roles has logged in'
    await this.withExistingStore(flags, (store) =>
      writeBatches(neverUsedRows(store.neverUsed(now, since)), {
        ...listingOf(flags),
        columns: neverUsedColumns,
        nothing,
      }),
    )
  }
}
