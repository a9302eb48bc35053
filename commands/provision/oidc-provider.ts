import * as Flags from '@oclif/core/flags'
import { parseReason } from '../../src/cli/flags.ts'
import { optionally, parseAll } from '../../src/cli/parse-all.ts'
import { ProvisionCommand, provisionFlags } from '../../src/cli/provision-command.ts'
import { parseAccountId } from '../../src/iam/account-id.ts'
import { parseClientIds } from '../../src/iam/client-id.ts'
import { parseProviderIssuer } from '../../src/iam/oidc-provider.ts'
import { COMMAND_LINE_SPEC } from '../../src/provisioning/ownership.ts'
import { planResources } from '../../src/provisioning/provision.ts'
import { oidcProvider } from '../../src/provisioning/resources/oidc-provider.ts'

export default class ProvisionOidcProvider extends ProvisionCommand {
  static override summary = 'Make AWS believe the ID tokens of an identity provider.'
  static override description =
    `Creates the OIDC provider of the issuer in the account of the AWS credentials, or adds to an existing one the client ids that it lacks; nothing else of it is touched. Run again, it changes nothing.

The issuer is taken byte for byte, as the iss claim of the tokens has it: a trailing slash more or less is another issuer.`
  static override examples = [
    '<%= config.bin %> provision oidc-provider --issuer https://sso.example.com --client-id workbench --dry-run',
    '<%= config.bin %> provision oidc-provider --issuer https://sso.example.com --client-id workbench --client-id connect',
    '<%= config.bin %> provision oidc-provider --issuer https://login.microsoftonline.com/0a1b2c3d-0000-4000-8000-000000000000/v2.0 --client-id workbench --account 123456789012 --json',
  ]
  static override flags = {
    issuer: Flags.string({ required: true, description: 'the issuer, as the iss claim has it', helpValue: 'URL' }),
    'client-id': Flags.string({
      required: true,
      multiple: true,
      description: 'a client id of the server at the identity provider; may be repeated',
      helpValue: 'ID',
    }),
    adopt: Flags.boolean({ description: 'not needed here: providers are shared, and only gain client ids' }),
    ...provisionFlags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(ProvisionOidcProvider)
    const {
      account: expected,
      reason: _,
      ...wanted
    } = parseAll({
      issuer: () => parseProviderIssuer(flags.issuer),
      clientIds: () => parseClientIds(flags['client-id']),
      account: () => optionally(flags.account, parseAccountId),
      reason: () => parseReason(flags.reason),
    })
    await this.withAccount(expected, async (account, accounts) => {
      const provider = oidcProvider({ spec: COMMAND_LINE_SPEC, thumbprints: [], ...wanted })
      const plan = await planResources(COMMAND_LINE_SPEC, account, [provider])
      await this.carryOut(plan, accounts, flags)
    })
  }
}
