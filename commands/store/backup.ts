import * as Args from '@oclif/core/args'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeBackup } from '../../src/cli/describe-store.ts'
import { refuseEmpty } from '../../src/cli/flags.ts'

export default class StoreBackup extends BaseCommand {
  static override summary = 'Copy the store to a file, also while it is in use.'
  static override description =
    `The copy is consistent and checked, readable for its owner only, and a store itself: --database FILE reads it.
An existing file is never overwritten.`
  static override examples = [
    '<%= config.bin %> store backup /var/backups/admin.db',
    '<%= config.bin %> store backup admin-backup.db --json',
  ]
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'the file to write' }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreBackup)
    refuseEmpty('FILE', args.file)
    const result = await (await this.maintenance()).backupStore(await this.storeLocation(flags), args.file)
    this.show(result, flags, describeBackup)
  }
}
