import * as Flags from '@oclif/core/flags'
import { parseInstant } from '../../src/assignments/expiry.ts'
import { eventActions } from '../../src/audit/event.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { eventColumns } from '../../src/cli/describe-event.ts'
import { formatFlag, type ListFormat } from '../../src/cli/formats.ts'
import { writeRows } from '../../src/cli/write-rows.ts'

export default class AuditLog extends BaseCommand {
  static override summary = 'List what happened, newest first.'
  static override description =
    `Values of one filter are alternatives, different filters must all hold. USER, ROLE and ACTOR are globs (*, ?).`
  static override examples = [
    '<%= config.bin %> audit log --limit 20',
    '<%= config.bin %> audit log --user alice --since 2026-01-01 --format csv',
    '<%= config.bin %> audit log --role "*:role/admin*" --action set --action sso-login --json',
  ]
  static override flags = {
    user: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'whose assignment it was about',
      helpValue: 'GLOB',
    }),
    role: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'a role ARN held before or after',
      helpValue: 'GLOB',
    }),
    actor: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'who did it', helpValue: 'GLOB' }),
    action: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      options: [...eventActions],
      description: 'what was done',
    }),
    since: Flags.string({ description: 'from this moment on', helpValue: 'TIME' }),
    until: Flags.string({ description: 'up to this moment', helpValue: 'TIME' }),
    limit: Flags.integer({ min: 1, description: 'at most so many', helpValue: 'N' }),
    format: formatFlag,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditLog)
    const filter = {
      users: flags.user ?? [],
      roles: flags.role ?? [],
      actors: flags.actor ?? [],
      actions: flags.action ?? [],
      since: flags.since === undefined ? null : parseInstant(flags.since),
      until: flags.until === undefined ? null : parseInstant(flags.until),
      limit: flags.limit ?? null,
    }
    const format = flags.json ? 'json' : (flags.format as ListFormat)
    await this.withStore(flags, 'read', (store) => writeRows(store.events(filter), eventColumns, format))
  }
}
