import { lookup } from 'node:dns/promises'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { describeSsoCheck } from '../../src/cli/describe-sso-check.ts'
import { checkSso } from '../../src/sso/check.ts'
import { requireSsoSection } from '../../src/sso/sso-settings.ts'

export default class SsoCheck extends BaseCommand {
  static override summary = 'Check the identity provider: what it publishes, and whether AWS can use it.'
  static override description =
    `Looks at the issuer, its discovery document, its keys, its scopes and its addresses, and
whether sso login and sso refresh have what they need.
Says of each finding how to mend it. Exit 5 where something failed. Reads over the network, changes nothing.`
  static override examples = ['<%= config.bin %> sso check', '<%= config.bin %> sso check --json']

  async run(): Promise<void> {
    const { flags } = await this.parse(SsoCheck)
    const { config, source } = await this.loadConfig(flags)
    const result = await checkSso(requireSsoSection(config, source), source, addressesOf)
    this.show(result, flags, describeSsoCheck)
    if (result.checks.some(({ status }) => status === 'failed')) this.endWith('FINDINGS')
  }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address)
}
