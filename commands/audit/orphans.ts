import * as Flags from '@oclif/core/flags'
import { orphans } from '../../src/audit/orphans.ts'
import { withAccountRoles } from '../../src/cli/account-roles.ts'
import type { GlobalFlags } from '../../src/cli/base-command.ts'
import { orphanColumns } from '../../src/cli/describe-orphans.ts'
import { formatFlag, listingOf, pagerFlag } from '../../src/cli/formats.ts'
import type { AccountRequest } from '../../src/cli/open-accounts.ts'
import { SpecCommand } from '../../src/cli/spec-command.ts'
import { writeRows } from '../../src/cli/write-rows.ts'

export default class AuditOrphans extends SpecCommand {
  static override summary = 'List people whose account is gone and, with --aws, roles that AWS has no more.'
  static override description =
    `Whether an account is there is what getent says, with whatever serves it: files, sssd, LDAP.

--aws reads the roles of the accounts of the spec, or else of the account of your credentials; it needs
iam:GetAccountAuthorizationDetails. What could not be asked is said on stderr, is never listed as gone, and makes it
exit 8:
admin audit orphans --aws --spec provision.yaml`
  static override examples = ['<%= config.bin %> audit orphans', '<%= config.bin %> audit orphans --format csv']
  static override flags = {
    aws: Flags.boolean({ description: 'look for the roles in AWS, too' }),
    spec: Flags.string({
      dependsOn: ['aws'],
      description: 'whose accounts to ask (default: `spec:` of the configuration file)',
      helpValue: 'FILE',
    }),
    format: formatFlag,
    'no-pager': pagerFlag,
  }
  static override changesThings = false

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditOrphans)
    const listing = { ...listingOf(flags), columns: orphanColumns, nothing: 'no orphans were found' }
    const context = { now: this.clock(), tellUnchecked: this.tellUnchecked }
    const requests = flags.aws ? await this.accountsToAsk(flags.spec, flags) : null
    await withAccountRoles(requests, this.teller, this.tellUnchecked, (accounts) =>
      this.withExistingStore(flags, (store) => writeRows(orphans(store, accounts, context), listing)),
    )
  }

  private async accountsToAsk(file: string | undefined, flags: GlobalFlags): Promise<readonly AccountRequest[]> {
    const { config } = await this.loadConfig(flags)
    const isSpecNamed = file !== undefined || config.spec !== undefined
    const { accountsOf, ambientAccount } = await import('../../src/cli/open-accounts.ts')
    if (!isSpecNamed) return [ambientAccount(this.actor.name)]
    return accountsOf(await this.readSpec(file, flags), undefined, this.actor.name)
  }

  /** The listing stands, but it is not all: exit 8. */
  private readonly tellUnchecked = (what: string, why: string) => {
    this.warnUser(`not checked: ${what}\n${why}`)
    this.endWith('PARTIAL')
  }
}
