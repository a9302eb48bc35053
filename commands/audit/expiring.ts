import * as Flags from '@oclif/core/flags'
import { parseExpiry } from '../../src/assignments/expiry.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { expiringColumns, expiringRows } from '../../src/cli/describe-people.ts'
import { formatFlag, listingOf, pagerFlag } from '../../src/cli/formats.ts'
import { writeBatches } from '../../src/cli/write-rows.ts'

export default class AuditExpiring extends BaseCommand {
  static override summary = 'List assignments that end soon, the next one first.'
  static override description = 'What has ended already counts for nothing and is not listed.'
  static override examples = ['<%= config.bin %> audit expiring', '<%= config.bin %> audit expiring --within 8h --json']
  static override flags = {
    within: Flags.string({ default: '30d', description: 'ends by then: 8h, 30d, 2027-03-01', helpValue: 'TIME' }),
    format: formatFlag,
    'no-pager': pagerFlag,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditExpiring)
    const now = this.clock()
    const until = parseExpiry(flags.within, now)
    const nothing = `no assignment ends by ${until}`
    await this.withExistingStore(flags, (store) =>
      writeBatches(expiringRows(store.expiring(now, until)), {
        ...listingOf(flags),
        columns: expiringColumns,
        nothing,
      }),
    )
  }
}
