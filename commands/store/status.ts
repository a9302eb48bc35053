import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeStatus } from '../../src/cli/describe-store.ts'

export default class StoreStatus extends BaseCommand {
  static override summary = 'Check the store: schema, integrity, file mode, sizes.'
  static override description = 'Exit 5 where something needs mending.'
  static override examples = ['<%= config.bin %> store status', '<%= config.bin %> store status --json']

  async run(): Promise<void> {
    const { flags } = await this.parse(StoreStatus)
    const status = await (await this.maintenance()).storeStatus(await this.storeLocation(flags))
    this.show(status, flags, describeStatus)
    if ([...status.integrity, ...status.findings, ...status.migrations.pending].length > 0) this.endWith('FINDINGS')
  }
}
