import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeMigration } from '../../src/cli/describe-store.ts'

export default class StoreMigrate extends BaseCommand {
  static override summary = 'Make the store, or bring an older one up to date.'
  static override description = 'All steps are applied, or none. Make a backup first: admin store backup FILE.'
  static override examples = ['<%= config.bin %> store migrate', '<%= config.bin %> store migrate --json']
  static override changesThings = true

  async run(): Promise<void> {
    const { flags } = await this.parse(StoreMigrate)
    const result = await (await this.maintenance()).migrateStore(await this.storeLocation(flags))
    this.show(result, flags, describeMigration)
  }
}
