import { verifyChain } from '../../src/audit/verify-chain.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeVerification } from '../../src/cli/describe-verification.ts'

export default class AuditVerify extends BaseCommand {
  static override summary = 'Check that nobody has tampered with the audit log.'
  static override description =
    `Walks the hash chain from the first event to the last. Exit 5 names the first event that is not as it was written.`
  static override examples = ['<%= config.bin %> audit verify', '<%= config.bin %> audit verify --json']

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditVerify)
    const result = await this.withExistingStore(flags, (store) => verifyChain(store.eventRows()))
    this.show(result, flags, describeVerification)
    if (result.broken !== null) this.endWith('FINDINGS')
  }
}
