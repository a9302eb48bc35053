import * as Args from '@oclif/core/args'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeNobody, holdingColumns, holdingRows } from '../../src/cli/describe-holding.ts'
import { formatFlag, listingOf, pagerFlag } from '../../src/cli/formats.ts'
import { asOfFlag, parseHoldingQuery } from '../../src/cli/holding-query.ts'
import { writeBatches } from '../../src/cli/write-rows.ts'

export default class AuditWhoHas extends BaseCommand {
  static override summary = 'List the people who may use a role, now or as it was.'
  static override description =
    `ROLE is a role ARN or a glob of role ARNs (*, ?). What was is told from the audit log alone.`
  static override examples = [
    '<%= config.bin %> audit who-has arn:aws:iam::123456789012:role/analyst',
    '<%= config.bin %> audit who-has "*:role/admin*" --as-of 30d --format csv',
    '<%= config.bin %> audit who-has "arn:aws:iam::123456789012:*" --json',
  ]
  static override args = {
    role: Args.string({ required: true, ignoreStdin: true, description: 'a role ARN, or a glob of role ARNs' }),
  }
  static override flags = { 'as-of': asOfFlag, format: formatFlag, 'no-pager': pagerFlag }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AuditWhoHas)
    const { filter, moment } = parseHoldingQuery({ ...flags, role: [args.role] }, this.clock())
    await this.withStore(flags, 'read', (store) => {
      const nothing = async () => describeNobody(args.role, moment, await store.knownRoles())
      return writeBatches(holdingRows(store.holdings(filter, moment)), {
        ...listingOf(flags),
        columns: holdingColumns,
        nothing,
      })
    })
  }
}
