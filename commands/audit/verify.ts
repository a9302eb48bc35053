import * as Flags from '@oclif/core/flags'
import { isProven, isUntold, verifyLog } from '../../src/audit/verify-log.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeVerification } from '../../src/cli/describe-verification.ts'
import { parseEventHash } from '../../src/cli/flags.ts'
import { optionally } from '../../src/cli/parse-all.ts'

const UNTOLD = 'people are assigned roles, and the log has no event that tells of it: --state compares them'

export default class AuditVerify extends BaseCommand {
  static override summary = 'Check that nobody has tampered with the audit log.'
  static override description = `Walks the hash chain from the first event to the last.
Exit 5 names the first event that is not as it was written: edited, deleted, inserted or reordered.

A log whose end was cut off is a whole log, too: only a head that was kept elsewhere shows it (--expect-head).
Whether what is assigned now is what the log tells is another question (--state).`
  static override examples = [
    '<%= config.bin %> audit verify',
    '<%= config.bin %> audit verify --expect-head "$(<%= config.bin %> audit head)"',
    '<%= config.bin %> audit verify --state --json',
  ]
  static override flags = {
    'expect-head': Flags.string({
      description: 'what `audit head` printed some time ago: that event must be there',
      helpValue: 'HASH',
    }),
    state: Flags.boolean({ description: 'compare what is assigned with what the log tells, too' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditVerify)
    const expectedHead = optionally(flags['expect-head'], parseEventHash) ?? null
    const request = { expectedHead, isStateCompared: flags.state }
    const result = await this.withExistingStore(flags, (store) =>
      store.evidence(async (evidence) => {
        const found = await verifyLog(evidence, request)
        if (await isUntold(evidence, found)) this.warnUser(UNTOLD)
        return found
      }),
    )
    this.show(result, flags, describeVerification)
    if (!isProven(result)) this.endWith('FINDINGS')
  }
}
