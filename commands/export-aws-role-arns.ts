import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { exportNotes } from '../src/cli/describe-export.ts'
import { type ExportFormat, exportFormats, writeExport } from '../src/cli/write-export.ts'

export default class ExportAwsRoleArns extends BaseCommand {
  static override summary = 'Print the AWS roles of everybody, to import them elsewhere.'
  static override description = `csv and jsonl are what import-aws-role-arns takes; jsonl also says when roles end.
rstudio-server prints a command for each person, which can be pasted into a shell whatever the name.`
  static override examples = [
    '<%= config.bin %> export-aws-role-arns > people.csv',
    '<%= config.bin %> export-aws-role-arns --format jsonl',
    '<%= config.bin %> export-aws-role-arns --format rstudio-server',
  ]
  static override flags = {
    format: Flags.string({
      options: [...exportFormats],
      default: 'csv',
      description: `how to print it: ${exportFormats.join(', ')}`,
      helpValue: 'FORMAT',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(ExportAwsRoleArns)
    const format = flags.json ? 'json' : (flags.format as ExportFormat)
    const tally = await this.withStore(flags, 'read', (store) => writeExport(store, format, this.clock()))
    for (const note of exportNotes(tally, format)) this.note(note)
  }
}
