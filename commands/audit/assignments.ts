import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { holdingColumns, holdingRows } from '../../src/cli/describe-holding.ts'
import { formatFlag, listingOf, pagerFlag, repeated } from '../../src/cli/formats.ts'
import { asOfFlag, parseHoldingQuery } from '../../src/cli/holding-query.ts'
import { writeBatches } from '../../src/cli/write-rows.ts'

export default class AuditAssignments extends BaseCommand {
  static override summary = 'List who may use which role, now or as it was.'
  static override description =
    `One row for each person and role. Values of one filter are alternatives, different filters must all hold. USER and ROLE are globs (*, ?). What was is told from the audit log alone.`
  static override examples = [
    '<%= config.bin %> audit assignments --user "al*" --format csv',
    '<%= config.bin %> audit assignments --role "*:role/admin*" --account 123456789012 --source cli',
    '<%= config.bin %> audit assignments --as-of 30d --json',
  ]
  static override flags = {
    user: Flags.string({ ...repeated, description: 'whose roles', helpValue: 'GLOB' }),
    role: Flags.string({ ...repeated, description: 'a role ARN', helpValue: 'GLOB' }),
    account: Flags.string({ ...repeated, description: 'an AWS account that has the role', helpValue: 'ID' }),
    source: Flags.string({ ...repeated, options: ['cli', 'sso'], description: 'who says so' }),
    'as-of': asOfFlag,
    format: formatFlag,
    'no-pager': pagerFlag,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditAssignments)
    const { filter, moment } = parseHoldingQuery(flags, this.clock())
    const listing = { ...listingOf(flags), columns: holdingColumns, nothing: 'no assignments match' }
    await this.withStore(flags, 'read', (store) => writeBatches(holdingRows(store.holdings(filter, moment)), listing))
  }
}
