import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeReport } from '../../src/cli/describe-report.ts'
import { refuseEmpty } from '../../src/cli/flags.ts'
import { publishReport } from '../../src/cli/publish-report.ts'

export default class AuditReport extends BaseCommand {
  static override summary = 'Write one page that shows who has what, when it changed, and what is wrong.'
  static override description =
    `The page is one HTML file that loads nothing from elsewhere: figures, findings, people and their roles, the changes
of the last year. It can be searched, sorted and printed. It says who may do what, so only its owner may read it; an
existing file is never overwritten. Exit 5 where the log, or what is assigned, is not as it was written: the page is
there and says so.`
  static override examples = [
    '<%= config.bin %> audit report --output report.html',
    '<%= config.bin %> audit report --output report-2027-q1.html --title "Access review, first quarter" --json',
  ]
  static override flags = {
    output: Flags.string({ required: true, description: 'the file to write; - is standard output', helpValue: 'FILE' }),
    title: Flags.string({
      description: 'what stands above the page (default: AWS roles on this host)',
      helpValue: 'TEXT',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditReport)
    refuseEmpty('--output', flags.output)
    refuseEmpty('--title', flags.title ?? 'default')
    const { host } = this.actor
    const title = flags.title ?? `AWS roles on ${host}`
    const request = { title, host, now: this.clock(), version: this.config.version }
    const report = await this.withExistingStore(flags, (store) => publishReport(store, request, flags))
    if (!report.store.verified) this.endWith('FINDINGS')
    if (flags.output !== '-') this.show(report, flags, describeReport)
  }
}
