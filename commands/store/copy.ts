import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeCopy } from '../../src/cli/describe-store.ts'
import { refuseEmpty } from '../../src/cli/flags.ts'

export default class StoreCopy extends BaseCommand {
  static override summary = 'Move everything into another store, as from SQLite to PostgreSQL.'
  static override description =
    `Users, roles, assignments and the audit log with its hashes: all of it or nothing. The other store must be empty; it is
made where there is none. Both chains are verified before the copy lands. The store itself stays as it is.`
  static override examples = [
    '<%= config.bin %> store copy --to sqlite:///var/backups/admin-copy.db',
    '<%= config.bin %> store copy --to /var/backups/another-copy.db --json',
  ]
  static override flags = {
    to: Flags.string({ required: true, description: 'the other store, as --database names it', helpValue: 'URL' }),
  }
  static override changesThings = true

  async run(): Promise<void> {
    const { flags } = await this.parse(StoreCopy)
    refuseEmpty('--to', flags.to)
    const [from, to] = [await this.storeLocation(flags), await this.locateNamed(flags.to)]
    const result = await (await this.maintenance()).copyStore(from, to)
    this.show(result, flags, describeCopy)
  }
}
