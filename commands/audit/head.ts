import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeHead } from '../../src/cli/describe-verification.ts'

export default class AuditHead extends BaseCommand {
  static override summary = 'Print the hash of the newest event, to be kept elsewhere.'
  static override description = `Each hash covers all events before it. Kept where nobody who can write the store
can write, it shows later that nothing was cut off the end of the log: audit verify --expect-head HASH.
Verifies nothing itself.

To keep it on another host, as from a timer: sudo admin audit head | ssh loghost 'cat >> heads'`
  static override examples = [
    '<%= config.bin %> audit head',
    '<%= config.bin %> audit head >> /var/backups/heads',
    '<%= config.bin %> audit verify --expect-head "$(<%= config.bin %> audit head)"',
    '<%= config.bin %> audit head --json',
  ]

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditHead)
    const head = await this.withExistingStore(flags, (store) => store.logHead())
    if (head === null) this.note('the log has no events yet')
    this.show({ events: head?.id ?? 0, headHash: head?.hash ?? null, at: head?.at ?? null }, flags, describeHead)
  }
}
